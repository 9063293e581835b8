/// <reference types="KEPT" />
import { useState } from 'react'; // GONE

/** GONE */
export function Link({ host, path }: { host?: string; path: string }) {
  const [open, setOpen] = useState(false); /* GONE */
  const href = `${host ? `https://${host}/KEPT` : ''}/${path.replace(/\/\/+/g, '/')}`;
  const half = path.length / 2; // GONE
  return (
    <a href={href} title="/* KEPT */" onClick={() => setOpen(!open)}>
      see https://KEPT.example/{half}
    </a>
  );
}
