# Each test below compares the last response with an expectation. It sets ACTUAL where the test fails.

# Whether the status is one of these: 201, 2xx.
status_is() {
  for wanted; do
    case $wanted in
      "$STATUS") return 0 ;;
      ?xx) case $STATUS in "${wanted%xx}"??) return 0 ;; esac ;;
    esac
  done
  ACTUAL="status $STATUS"
  [ "$STATUS" != 000 ] || ACTUAL='no response: the connection was closed'
  return 1
}

# Reads a header into VALUE.
read_header() {
  VALUE=$(header "$1") && return 0
  ACTUAL="header $1 is absent"
  return 1
}

# Says the value that a header has.
wrong_header() {
  ACTUAL="header $1: $VALUE"
  return 1
}

header_present() {
  read_header "$1"
}

header_absent() {
  ! read_header "$1" || wrong_header "$1"
}

# Whether a header has one of these values.
header_is() {
  read_header "$1" || return 1
  name=$1
  shift
  for wanted; do [ "$VALUE" != "$wanted" ] || return 0; done
  wrong_header "$name"
}

header_is_not() {
  read_header "$1" || return 1
  name=$1
  shift
  for wanted; do [ "$VALUE" != "$wanted" ] || wrong_header "$name" || return 1; done
}

# Whether a whole header has the form of an extended regular expression.
header_matches() {
  read_header "$1" || return 1
  printf '%s\n' "$VALUE" | LC_ALL=C grep -Eqx -e "$2" || wrong_header "$1"
}

# Whether a header is a digest of a file, by any algorithm.
header_is_digest_of() {
  read_header "$1" || return 1
  is_digest_of "$VALUE" "$2" || wrong_header "$1"
}

is_digest_of() {
  case $1 in
    sha256:*) [ "$1" = "sha256:$(sha256 "$2")" ] ;;
    sha512:*) [ "$1" = "sha512:$(sha512 "$2")" ] ;;
    *) printf '%s\n' "$1" | LC_ALL=C grep -Eqx '[a-z0-9]+([+._-][a-z0-9]+)*:[A-Za-z0-9=_-]+' ;;
  esac
}

# Whether a header is this media type, with or without parameters.
header_media_type() {
  read_header "$1" || return 1
  type=$(printf '%s' "${VALUE%%;*}" | tr -d ' ' | tr '[:upper:]' '[:lower:]')
  [ "$type" = "$(printf '%s' "$2" | tr '[:upper:]' '[:lower:]')" ] || wrong_header "$1"
}

# Whether a request can be sent to a header's value: a URL of http or https, or a relative one.
header_is_url() {
  read_header "$1" || return 1
  case $VALUE in
    [Hh][Tt][Tt][Pp]:///* | [Hh][Tt][Tt][Pp][Ss]:///* | '') wrong_header "$1" ;;
    [Hh][Tt][Tt][Pp]://?* | [Hh][Tt][Tt][Pp][Ss]://?*) return 0 ;;
    *) ! printf '%s\n' "$VALUE" | grep -Eq '^[A-Za-z][A-Za-z0-9+.-]*:' || wrong_header "$1" ;;
  esac
}

header_is_no_url() {
  read_header "$1" || return 1
  ! header_is_url "$1" || wrong_header "$1"
}

header_contains() {
  read_header "$1" || return 1
  case $VALUE in *"$2"*) ;; *) wrong_header "$1" ;; esac
}

header_excludes() {
  read_header "$1" || return 1
  case $VALUE in *"$2"*) wrong_header "$1" ;; esac
}

# Whether a header with commas has each of these parts.
header_lists() {
  read_header "$1" || return 1
  name=$1
  shift
  for wanted; do
    printf '%s' "$VALUE" | tr ',' '\n' | sed 's/^ *//; s/ *$//' | grep -qxF -e "$wanted" || wrong_header "$name" || return 1
  done
}

# Whether a header with commas has no other parts than these.
header_lists_only() {
  read_header "$1" || return 1
  name=$1
  shift
  printf '%s\n' "$@" >parts
  others=$(printf '%s\n' "$VALUE" | tr ',' '\n' | sed 's/^ *//; s/ *$//' | grep -v '^$' | grep -vxF -f parts)
  [ -z "$others" ] || wrong_header "$name"
}

header_bytes_at_most() {
  VALUE=$(header "$1") || return 0
  [ "$(printf '%s' "$VALUE" | wc -c)" -le "$2" ] || wrong_header "$1"
}

# Whether the body has exactly the bytes of a file.
body_is() {
  ! cmp -s "$R.body" "$1" || return 0
  ACTUAL="$(counted "$(size_of "$R.body")" "other byte")"
  return 1
}

# Whether the body is the part of a file that Content-Range names: FILE POSITION-OF-THE-FILE.
body_is_part() {
  read_header Content-Range || return 1
  named=$(printf '%s\n' "$VALUE" | sed -n 's|^[Bb][Yy][Tt][Ee][Ss] 0*\([0-9]\{1,15\}\)-0*\([0-9]\{1,15\}\)/.*$|\1 \2|p')
  [ -n "$named" ] && [ "${named#* }" -ge "${named% *}" ] && [ "${named% *}" -ge "$2" ] &&
    [ "${named#* }" -lt "$(($2 + $(size_of "$1")))" ] &&
    part "$1" "$((${named% *} - $2))" "$((${named#* } - ${named% *} + 1))" | cmp -s "$R.body" - && return 0
  ACTUAL="$(counted "$(size_of "$R.body")" byte) with Content-Range: $VALUE"
  return 1
}

# Whether the body has this digest.
body_has_digest() {
  ! is_digest_of "$1" "$R.body" || return 0
  ACTUAL="$(counted "$(size_of "$R.body")" byte) of another digest"
  return 1
}

# Whether an error body, if it is JSON, has one of these codes.
error_code_is() {
  flatten && is_json || return 0
  codes=$(LC_ALL=C awk -F '\t' '$1 ~ /^\/errors\/[0-9]+\/code$/ && $2 == "string" { print $3 }' "$FLAT")
  # A body without a code violates other requirements.
  printf '%s\n' "$codes" | grep -Eqx '[A-Z_]+' || return 0
  for wanted in "$@" TAG_INVALID MANIFEST_UNVERIFIED; do
    ! printf '%s\n' "$codes" | grep -qxF -e "$wanted" || return 0
  done
  ACTUAL="an error body with the code $(printf '%s' "$codes" | tr '\n' ' ')"
  return 1
}
