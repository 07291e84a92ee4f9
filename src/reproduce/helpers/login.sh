# Answers the challenge of a 401: Basic, or Bearer with the realm, service and scope that it names.
log_in() {
  challenge=$(header WWW-Authenticate) || return 1
  case $challenge in
    *[Bb][Ee][Aa][Rr][Ee][Rr]\ *) get_token ;;
    *[Bb][Aa][Ss][Ii][Cc]*) [ -s login ] && cp login credentials ;;
    *) return 1 ;;
  esac
}

# Gets a token from the token server that the challenge names.
get_token() {
  realm=$(parameter realm)
  [ -n "$realm" ] || return 1
  set -- -G
  service=$(parameter service)
  [ -z "$service" ] || set -- "$@" --data-urlencode "service=$service"
  scope=$(parameter scope)
  [ -z "$scope" ] || set -- "$@" --data-urlencode "scope=$scope"
  # A mount also reads the repository that it mounts from.
  case $URL in
    *[?\&]from=*)
      from=${URL##*[?&]from=}
      set -- "$@" --data-urlencode "scope=repository:$(printf '%s' "${from%%&*}" | sed 's,%2F,/,g'):pull"
      ;;
  esac
  token=$(curl -sS -g -m 60 -K options -K login "$@" "$realm" 2>/dev/null | tr -d '\n' | sed -n 's/.*"\(access_\)\{0,1\}token" *: *"\([^"]*\)".*/\2/p')
  [ -n "$token" ] || return 1
  printf 'header = "Authorization: Bearer %s"\n' "$token" >credentials
}

# Prints a parameter of the challenge.
parameter() {
  printf '%s' "$challenge" | sed -n 's/.*[ ,]'"$1"'="\([^"]*\)".*/\1/p'
}
