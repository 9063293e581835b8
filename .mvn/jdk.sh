# Sourced by ./mvnw and ./loreley: sets JAVA_HOME to a JDK 25, or says what is missing and where it looked.
# A JDK names its version in the file "release", so nothing has to be started to find it.

is_jdk25() {
  [ -x "$1/bin/javac" ] && grep -q '^JAVA_VERSION="25[."]' "$1/release" 2>/dev/null
}

find_jdk25() {
  if [ -n "${JAVA_HOME-}" ] && is_jdk25 "$JAVA_HOME"; then
    printf '%s\n' "$JAVA_HOME"
    return 0
  fi
  on_path=$(command -v javac 2>/dev/null) || on_path=
  if [ -n "$on_path" ]; then
    # javac on the PATH is often a chain of links into the JDK's bin folder
    while [ -L "$on_path" ]; do
      link=$(readlink "$on_path")
      case "$link" in /*) on_path=$link ;; *) on_path=${on_path%/*}/$link ;; esac
    done
    home=$(cd "${on_path%/*}/.." 2>/dev/null && pwd -P) || home=
    if [ -n "$home" ] && is_jdk25 "$home"; then
      printf '%s\n' "$home"
      return 0
    fi
  fi
  set +f
  for home in /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* /usr/local/openjdk* \
    "${HOME-}"/.sdkman/candidates/java/* "${HOME-}"/.jdks/* "${HOME-}"/.local/share/mise/installs/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "${HOME-}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk@25/libexec/openjdk.jdk/Contents/Home; do
    if is_jdk25 "$home"; then
      printf '%s\n' "$home"
      return 0
    fi
  done
  return 1
}

if ! JAVA_HOME=$(find_jdk25); then
  cat >&2 <<'MISSING'
Loreley needs a JDK 25, and none was found.
Looked at: JAVA_HOME, the javac on the PATH, /usr/lib/jvm, /usr/java, /opt/java, /opt/jdk*, ~/.sdkman, ~/.jdks, mise,
and the folders of macOS and Homebrew.
Install one (for example Temurin: https://adoptium.net, or `apt install temurin-25-jdk`, or `sdk install java 25-tem`),
or point JAVA_HOME at it.
MISSING
  exit 1
fi
export JAVA_HOME
