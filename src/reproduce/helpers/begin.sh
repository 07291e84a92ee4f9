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
  REASON='' VIOLATED=0 JUDGED=0 FINAL=1 WROTE=0 STATUS='' ACTUAL='' LISTED='' REFUSABLE='' BODY='' BROKEN='' R=response UPLOADS_IN=/v2/$REPO
  umask 077
  WORK=$(mktemp -d) && cd "$WORK" || exit 3
  exec 3>&1
  trap clean_up EXIT
  trap 'exit 130' HUP INT TERM
  for file in pushed uploads constant credentials login options; do : >"$file"; done
  if [ -n "${ASSAY_USERNAME-}" ]; then
    printf 'user = "%s"\n' "$(printf '%s:%s' "$ASSAY_USERNAME" "${ASSAY_PASSWORD-}" | sed 's/[\\"]/\\&/g')" >login
  fi
  [ "${ASSAY_INSECURE:-false}" = false ] || printf 'insecure\n' >>options
  [ -z "${ASSAY_CA-}" ] || printf 'cacert = "%s"\n' "$ASSAY_CA" >>options
  printf 'case %s on %s\n' "$CASE" "$TARGET"
  check_target
}

# Prints hexadecimal digits that no other run has: COUNT.
token() {
  head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n' | cut -c "1-$1"
}

# Prints decimal digits: COUNT.
digits() {
  head -c 64 /dev/urandom | od -An -tu1 | tr -d ' \n' | cut -c "1-$1"
}
