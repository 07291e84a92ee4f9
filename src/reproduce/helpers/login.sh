# Answers the challenge of a 401: Basic, or Bearer with the realm, service and scope that it names. Another host than the
# target's gets no login, wherever the target redirects to.
log_in() {
  case $URL in "$TARGET"/*) ;; *) return 1 ;; esac
  challenge=$(header WWW-Authenticate) || return 1
  case $challenge in *[Bb][Ee][Aa][Rr][Ee][Rr]\ *) ! get_token || return 0 ;; esac
  case $challenge in *[Bb][Aa][Ss][Ii][Cc]*) [ -s login ] && cp login credentials ;; *) return 1 ;; esac
}

# Gets a token from the token server that the challenge names.
get_token() {
  realm=$(parameter realm)
  [ -n "$realm" ] || return 1
  realm=$(resolve "$URL" "$realm")
  is_url "$realm" || return 1
  # Without a password, the token is one for everybody.
  if [ -s login ] && ! may_get_password "$realm"; then
    UNSENT="the token server $realm uses plain HTTP: credentials are not sent there"
    return 1
  fi
  set -- -G --url "$realm"
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
  token=$(curl -sS -g -m 60 -K options -K login "$@" 2>/dev/null | head -c 1048576 | tr -d '\n' | sed -n 's/.*"\(access_\)\{0,1\}token" *: *"\([^"]*\)".*/\2/p' | sed 's,\\/,/,g; s,\\u003[Dd],=,g')
  # The token becomes a line of curl's configuration: it has visible characters, and none that is special there.
  case $token in '' | *\\*) return 1 ;; esac
  [ -z "$(printf '%s' "$token" | LC_ALL=C tr -d '\41-\176')" ] || return 1
  printf 'header = "Authorization: Bearer %s"\n' "$token" >credentials
}

# Prints a parameter of the challenge for a token.
parameter() {
  parameters=" ${challenge#*[Bb][Ee][Aa][Rr][Ee][Rr] }"
  case $parameters in *[\ ,]"$1"=\"*) parameters=${parameters#*[ ,]"$1"=\"} && printf '%s' "${parameters%%\"*}" ;; esac
}

# Whether a text is a URL of http or https without user info: the registry does not choose the credentials.
is_url() {
  case $1 in [Hh][Tt][Tt][Pp]://?* | [Hh][Tt][Tt][Pp][Ss]://?*) ;; *) return 1 ;; esac
  authority=${1#*://}
  case ${authority%%[/?#]*} in '' | *[@\\]*) return 1 ;; esac
}

# Whether the password may go to a URL: by HTTPS, to this machine, or to the host that the user named with http://.
may_get_password() {
  case $1 in [Hh][Tt][Tt][Pp][Ss]://*) return 0 ;; esac
  host=$(host_of "$1")
  case $host in
    localhost | '[::1]') return 0 ;;
    127.*[!0-9.]*) ;;
    127.*) return 0 ;;
  esac
  case $TARGET in http://*) [ "$host" = "$(host_of "$TARGET")" ] ;; *) return 1 ;; esac
}

# Prints the host of a URL without user info.
host_of() {
  authority=${1#*://}
  authority=${authority%%[/?#]*}
  case $authority in *\]) ;; *) authority=${authority%:*} ;; esac
  printf '%s' "$authority"
}
