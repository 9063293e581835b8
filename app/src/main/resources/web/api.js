// Questions to the server. The browser's own cache keeps answers and asks by ETag whether they still hold.
export class ApiError extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || `the server answered ${status}`);
    this.status = status;
  }
}

async function failure(response) {
  let problem = {};
  try { problem = await response.json(); } catch { /* not ours: the status says it */ }
  return new ApiError(response.status, problem);
}

export async function get(path, query = {}) {
  const words = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== ''));
  const text = words.toString();
  const response = await fetch(`/api/v1${path}${text ? '?' + text : ''}`, { headers: { Accept: 'application/json' } });
  if (!response.ok) throw await failure(response);
  return response.json();
}

export async function send(method, path, body, headers = {}) {
  const response = await fetch(`/api/v1${path}`, {
    method,
    headers: { 'Loreley-Intent': 'yes', ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!response.ok) throw await failure(response);
  return response.status === 204 ? null : response.json();
}

/** Puts questions one after the other, so that no answer undoes a later one. */
export function inTurn() {
  let last = Promise.resolve();
  return (ask) => {
    const mine = last.then(ask);
    last = mine.catch(() => {});
    return mine;
  };
}

/** Many at once as a page needs them: an object of promises becomes an object of answers. */
export async function all(questions) {
  const entries = await Promise.all(Object.entries(questions).map(async ([name, promise]) => [name, await promise]));
  return Object.fromEntries(entries);
}
