# Prepares the script: DEFAULT-TARGET [TARGET].
begin() {
  TARGET=${2:-${ASSAY_TARGET:-$1}}
  [ -n "$TARGET" ] || {
    printf 'no result: give the URL of the registry as the first argument\n' >&2
    exit 3
  }
  TARGET=${TARGET%/}
  case $TARGET in
    http://* | https://*) ;;
    localhost | localhost:* | 127.* | '[::1]'*) TARGET=http://$TARGET ;;
    *) TARGET=https://$TARGET ;;
  esac
  SETTLE=${ASSAY_SETTLE:-2}
  REASON='' VIOLATED=0 JUDGED=0 FINAL=1 WROTE=0 STATUS='' ACTUAL='' LISTED='' REFUSABLE='' BODY='' BROKEN='' UNSENT='' R=response UPLOADS_IN=/v2/$REPO
  # The script works in a folder of its own.
  ca=$(absolute "${ASSAY_CA-}") cert=$(absolute "${ASSAY_CERT-}") key=$(absolute "${ASSAY_KEY-}")
  umask 077
  WORK=$(mktemp -d) && cd "$WORK" || exit 3
  exec 3>&1
  trap clean_up EXIT
  trap 'exit 130' HUP INT TERM
  for file in pushed uploads constant credentials login; do : >"$file"; done
  printf 'proto = "=http,https"\n' >options
  # The user of the run, where only the password is given.
  user=${ASSAY_USERNAME:-${ASSAY_PASSWORD:+$LOGIN}}
  if [ -n "$user" ]; then
    printf 'user = "%s"\n' "$(escaped "$user:${ASSAY_PASSWORD-}")" >login
  fi
  [ "${ASSAY_INSECURE:-false}" = false ] || printf 'insecure\n' >>options
  [ -z "$ca" ] || printf 'cacert = "%s"\n' "$(escaped "$ca")" >>options
  [ -z "$cert" ] || printf 'cert = "%s"\n' "$(escaped "$cert")" >>options
  [ -z "$key" ] || printf 'key = "%s"\n' "$(escaped "$key")" >>options
  printf 'case %s on %s\n' "$CASE" "$TARGET"
  check_target
}

# Prints the absolute path of a file; nothing for none.
absolute() {
  case $1 in '' | /*) printf '%s' "$1" ;; *) printf '%s/%s' "$PWD" "$1" ;; esac
}

# Prints a text as curl's configuration has it in quotes.
escaped() {
  printf '%s' "$1" | sed 's/[\\"]/\\&/g'
}

# Prints hexadecimal digits that no other run has: COUNT.
token() {
  head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n' | cut -c "1-$1"
}

# Prints decimal digits: COUNT.
digits() {
  head -c 64 /dev/urandom | od -An -tu1 | tr -d ' \n' | cut -c "1-$1"
}
