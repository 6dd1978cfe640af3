# Finds a JDK 25 or newer, and exports it as JAVA_HOME. To be sourced by the start scripts, in bash:
#
#   . infra/local/jdk.sh
#
# Ends the script with exit code 2, and says what to install, when there is none. A JAVA_HOME that is
# new enough always wins.

quadrille_jdk_wanted=25

# The feature release of the JDK in folder $1, nothing if there is none. The file named release is
# read where there is one: that takes no time, and running a java does.
quadrille_jdk_release() {
  local line version=''
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 0
  if [ -r "$1/release" ]; then
    while IFS= read -r line || [ -n "$line" ]; do
      case $line in
        JAVA_VERSION=*) version=${line#JAVA_VERSION=} ;;
      esac
    done <"$1/release"
  else
    version=$("$1/bin/java" -version 2>&1 | sed -n 's/.* version \(".*"\).*/\1/p' | head -n 1)
  fi
  version=${version//[\"$'\r']/}
  # 1.8.0 is 8; 25, 25.0.1 and 26-ea are what they begin with.
  version=${version#1.}
  version=${version%%[!0-9]*}
  printf '%s' "$version"
}

quadrille_jdk_fits() {
  local release
  release=$(quadrille_jdk_release "$1")
  [ -n "$release" ] && [ "$release" -ge "$quadrille_jdk_wanted" ]
}

quadrille_find_jdk() {
  local candidate java
  for candidate in \
    "${JAVA_HOME:-}" \
    /usr/lib/jvm/* \
    "${HOME:-/}"/.sdkman/candidates/java/current \
    "${HOME:-/}"/.sdkman/candidates/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "${HOME:-/}"/Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if [ -n "$candidate" ] && quadrille_jdk_fits "$candidate"; then
      printf '%s' "$candidate"
      return 0
    fi
  done
  if [ -x /usr/libexec/java_home ]; then
    candidate=$(/usr/libexec/java_home -v "$quadrille_jdk_wanted+" 2>/dev/null || true)
    if [ -n "$candidate" ] && quadrille_jdk_fits "$candidate"; then
      printf '%s' "$candidate"
      return 0
    fi
  fi
  java=$(command -v java || true)
  if [ -n "$java" ]; then
    # It is mostly a link to a link: the JDK itself knows where it is.
    candidate=$("$java" -XshowSettings:properties -version 2>&1 |
      sed -n 's/^ *java\.home = //p' | head -n 1)
    if [ -n "$candidate" ] && quadrille_jdk_fits "$candidate"; then
      printf '%s' "$candidate"
      return 0
    fi
  fi
  return 1
}

if ! JAVA_HOME=$(quadrille_find_jdk); then
  echo "Quadrille needs a JDK $quadrille_jdk_wanted or newer, and none was found. Remedy: install one (Eclipse Temurin $quadrille_jdk_wanted, or: sdk install java $quadrille_jdk_wanted-tem), or set JAVA_HOME to it." >&2
  exit 2
fi
export JAVA_HOME
