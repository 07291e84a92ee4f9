# Writes the JSON of the last response, or of the listed items, as lines of pointer, type and value to the file FLAT.
flatten() {
  if [ -n "$LISTED" ]; then
    FLAT=items.flat
    return 0
  fi
  FLAT=$R.flat
  [ ! -f "$FLAT" ] || return 0
  if [ -f "$R.notjson" ] || ! to_lines <"$R.body" >"$FLAT"; then
    rm -f "$FLAT"
    : >"$R.notjson"
    ACTUAL="a body of $(counted "$(size_of "$R.body")" byte) that is not JSON"
    return 1
  fi
}

# Parses JSON. A value with line ends or tabs has them escaped.
to_lines() {
  LC_ALL=C awk '
    { s = s $0 "\n" }
    END {
      n = length(s); i = 1
      for (k = 0; k < 16; k++) digit[substr("0123456789abcdef", k + 1, 1)] = digit[substr("0123456789ABCDEF", k + 1, 1)] = k
      value(""); space()
      if (bad || i <= n) exit 1
    }
    function space() { while (i <= n && index(" \t\r\n", substr(s, i, 1))) i++ }
    function out(p, type, v) { print p "\t" type "\t" v }
    function value(p,   c, v) {
      space(); c = substr(s, i, 1)
      if (bad || ++depth > 200) { bad = 1; return }
      if (c == "{") object(p)
      else if (c == "[") array(p)
      else if (c == "\"") { v = string(); out(p, "string", v) }
      else {
        v = ""
        while (i <= n && index("+-.0123456789Eaeflnrstu", c = substr(s, i, 1))) { v = v c; i++ }
        if (v ~ /^-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][+-]?[0-9]+)?$/) out(p, "number", v)
        else if (v == "true" || v == "false") out(p, "boolean", v)
        else if (v == "null") out(p, "null", v)
        else bad = 1
      }
      depth--
    }
    function object(p,   k, count) {
      i++; space()
      if (substr(s, i, 1) == "}") { i++; out(p, "object", 0); return }
      while (!bad) {
        space()
        if (substr(s, i, 1) != "\"") { bad = 1; return }
        k = string(); gsub(/~/, "~0", k); gsub("/", "~1", k)
        space()
        if (substr(s, i, 1) != ":") { bad = 1; return }
        i++; value(p "/" k); count++; space()
        if (substr(s, i, 1) == ",") i++
        else if (substr(s, i, 1) == "}") { i++; out(p, "object", count); return }
        else bad = 1
      }
    }
    function array(p,   count) {
      count = 0; i++; space()
      if (substr(s, i, 1) == "]") { i++; out(p, "array", 0); return }
      while (!bad) {
        value(p "/" count); count++; space()
        if (substr(s, i, 1) == ",") i++
        else if (substr(s, i, 1) == "]") { i++; out(p, "array", count); return }
        else bad = 1
      }
    }
    function hex4(   k, v) {
      v = 0
      for (k = 0; k < 4; k++) {
        if (!(substr(s, i, 1) in digit)) bad = 1
        v = v * 16 + digit[substr(s, i, 1)]; i++
      }
      return v
    }
    function utf8(code) {
      if (code < 32) return sprintf("\\u%04x", code)
      if (code < 128) return sprintf("%c", code)
      if (code < 2048) return sprintf("%c%c", 192 + int(code / 64), 128 + code % 64)
      if (code < 65536) return sprintf("%c%c%c", 224 + int(code / 4096), 128 + int(code / 64) % 64, 128 + code % 64)
      return sprintf("%c%c%c%c", 240 + int(code / 262144), 128 + int(code / 4096) % 64, 128 + int(code / 64) % 64, 128 + code % 64)
    }
    function string(   c, e, v, code, low) {
      v = ""; i++
      while (1) {
        if (i > n) { bad = 1; return v }
        c = substr(s, i, 1); i++
        if (c == "\"") return v
        if (c == "\n") { bad = 1; return v }
        if (c != "\\") { v = v (c == "\t" ? "\\t" : c); continue }
        e = substr(s, i, 1); i++
        if (e == "n" || e == "r" || e == "t" || e == "b" || e == "f") v = v "\\" e
        else if (e == "\\") v = v "\\\\"
        else if (e == "\"" || e == "/") v = v e
        else if (e == "u") {
          code = hex4()
          if (code >= 55296 && code < 56320 && substr(s, i, 2) == "\\u") { i += 2; low = hex4(); code = 65536 + (code - 55296) * 1024 + low - 56320 }
          if (code == 10) v = v "\\n"; else if (code == 13) v = v "\\r"; else if (code == 9) v = v "\\t"
          else if (code == 8) v = v "\\b"; else if (code == 12) v = v "\\f"; else if (code == 92) v = v "\\\\"
          else v = v utf8(code)
        } else { bad = 1; return v }
      }
    }'
}

# Prints the type and the value at a JSON pointer. Fails if there is none.
json_at() {
  flatten || return 1
  POINTER=$1 LC_ALL=C awk -F '\t' '$1 == ENVIRON["POINTER"] { print $2 "\t" $3; found = 1; exit } END { exit !found }' "$FLAT" && return 0
  return 1
}

# Reads the value at a JSON pointer into TYPE and VALUE.
read_json() {
  case $LISTED$1 in
    1) json_name='the whole list' ;;
    '') json_name='the JSON value' ;;
    *) json_name=$1 ;;
  esac
  flatten || return 1
  if pair=$(json_at "$1"); then
    TYPE=${pair%%"	"*} VALUE=${pair#*"	"}
    return 0
  fi
  ACTUAL="$json_name is absent"
  return 1
}

# Says the value that is there.
wrong_json() {
  case $TYPE in
    array) ACTUAL="$json_name: a list of $VALUE: $(POINTER=$1 LC_ALL=C awk -F '\t' 'index($1, ENVIRON["POINTER"] "/") == 1 && $2 != "object" && $2 != "array" { printf "%s%s", n++ ? ", " : "", $3 }' "$FLAT" | cut -c 1-400)" ;;
    object) ACTUAL="$json_name: an object of $VALUE members" ;;
    *) ACTUAL="$json_name: $VALUE" ;;
  esac
  return 1
}

# Prints a text or number in the JSON; /-1 is the last element of the list.
json_value() {
  flatten || return 1
  pointer=$1
  case $pointer in
    /-*)
      # Of another value than a list, the text is the registry's.
      pair=$(json_at '') || return 1
      case $pair in array*) pointer=/$((${pair#*"	"} - ${pointer#/-})) ;; *) return 1 ;; esac
      ;;
  esac
  pair=$(json_at "$pointer") || return 1
  case $pair in string* | number*) printf '%s' "${pair#*"	"}" ;; *) return 1 ;; esac
}

# Whether the body is JSON: an object or a list, or any value with a Content-Type of JSON.
is_json() {
  flatten || return 1
  case $(json_at '') in
    object* | array*) return 0 ;;
  esac
  case $(header Content-Type) in
    [Aa][Pp][Pp][Ll][Ii][Cc][Aa][Tt][Ii][Oo][Nn]/[Jj][Ss][Oo][Nn]* | *+json*) return 0 ;;
  esac
  ACTUAL='a body that is not a JSON object or list'
  return 1
}

is_not_json() {
  ! is_json || ! ACTUAL='a JSON body'
}

json_present() {
  read_json "$1"
}

json_absent() {
  flatten || return 1
  ! read_json "$1" || wrong_json "$1"
}

# Whether the value has one of these types.
json_type() {
  read_json "$1" || return 1
  pointer=$1
  shift
  for wanted; do [ "$TYPE" != "$wanted" ] || return 0; done
  ACTUAL="$json_name is of type $TYPE"
  return 1
}

# Whether the value is one of these texts, numbers or truth values.
json_is() {
  read_json "$1" || return 1
  pointer=$1
  shift
  case $TYPE in
    array | object) ;;
    *) for wanted; do [ "$VALUE" != "$wanted" ] || return 0; done ;;
  esac
  wrong_json "$pointer"
}

json_is_not() {
  read_json "$1" || return 1
  pointer=$1
  shift
  for wanted; do [ "$VALUE" != "$wanted" ] || wrong_json "$pointer" || return 1; done
}

# Whether the value is a list of exactly these texts.
json_list_is() {
  read_json "$1" || return 1
  pointer=$1
  shift
  [ "$TYPE" = array ] && [ "$VALUE" = "$#" ] || wrong_json "$pointer" || return 1
  number=0
  for wanted; do
    [ "$(json_at "$pointer/$number")" = "string	$wanted" ] || wrong_json "$pointer" || return 1
    number=$((number + 1))
  done
}

json_matches() {
  read_json "$1" || return 1
  if [ "$TYPE" = string ] && printf '%s\n' "$VALUE" | LC_ALL=C grep -Eqx -e "$2"; then
    return 0
  fi
  wrong_json "$1"
}

# Whether the list has this text, or the text has this part.
json_contains_one() {
  case $TYPE in
    string) case $VALUE in *"$2"*) return 0 ;; *) return 1 ;; esac ;;
    array) POINTER=$1 WANTED=$2 LC_ALL=C awk -F '\t' 'index($1, ENVIRON["POINTER"] "/") == 1 && substr($1, length(ENVIRON["POINTER"]) + 2) !~ /\// && $2 == "string" && $3 == ENVIRON["WANTED"] { found = 1 } END { exit !found }' "$FLAT" ;;
    *) return 1 ;;
  esac
}

# Whether the list has each of these texts.
json_contains() {
  read_json "$1" || return 1
  pointer=$1
  shift
  for wanted; do
    json_contains_one "$pointer" "$wanted" || ! ACTUAL="$json_name has no \`$wanted\`" || return 1
  done
}

# Whether the list has none of these texts.
json_excludes() {
  read_json "$1" || return 1
  pointer=$1
  shift
  for wanted; do
    ! json_contains_one "$pointer" "$wanted" || ! ACTUAL="$json_name has \`$wanted\`" || return 1
  done
}

# Whether the list has an object with these members: POINTER, then for each member its pointer, type and value.
json_covers_one() {
  prefix=$1
  shift
  # A member of each line: the lines are compared with those of each element.
  : >members
  while [ "$#" -gt 0 ]; do
    printf '%s\t%s\t%s\n' "$1" "$2" "$3" >>members
    shift 3
  done
  POINTER=$prefix LC_ALL=C awk -F '\t' '
    NR == FNR { member[$0] = 1; wanted++; next }
    index($1, ENVIRON["POINTER"] "/") == 1 {
      rest = substr($1, length(ENVIRON["POINTER"]) + 2)
      element = rest; sub(/\/.*/, "", element)
      rest = substr(rest, length(element) + 1)
      if ((rest "\t" $2 "\t" $3) in member && ++have[element] == wanted) found = 1
    }
    END { exit !found }' members "$FLAT"
}

json_covers() {
  read_json "$1" || return 1
  json_covers_one "$@" || ! ACTUAL="$json_name has no such element"
}

json_covers_none() {
  read_json "$1" || return 1
  ! json_covers_one "$@" || ! ACTUAL="$json_name has such an element"
}

# Whether the number of elements is between these two.
json_count() {
  read_json "$1" || return 1
  case $TYPE in
    array | object) count=$VALUE ;;
    null) count=0 ;;
    string) count=${#VALUE} ;;
    *) count=1 ;;
  esac
  if [ "$count" -ge "$2" ] && { [ -z "$3" ] || [ "$count" -le "$3" ]; }; then return 0; fi
  ACTUAL="$json_name has $(counted "$count" element)"
  return 1
}

# Whether no element of the list is there twice.
json_unique() {
  read_json "$1" || return 1
  twice=$(POINTER=$1 LC_ALL=C awk -F '\t' '
    index($1, ENVIRON["POINTER"] "/") == 1 {
      rest = substr($1, length(ENVIRON["POINTER"]) + 2)
      element = rest; sub(/\/.*/, "", element)
      rest = substr(rest, length(element) + 1)
      if (!(element in text)) order[count++] = element
      text[element] = text[element] rest "\t" $2 "\t" $3 "\n"
    }
    END { for (k = 0; k < count; k++) if (seen[text[order[k]]]++) { print order[k]; exit } }' "$FLAT")
  [ -z "$twice" ] || ! ACTUAL="$json_name: the element at position $twice is there twice"
}

# Whether a test holds for each element of the list: POINTER FUNCTION, which gets the pointer of an element.
json_each() {
  read_json "$1" || return 1
  [ "$TYPE" = array ] || return 0
  count=$VALUE
  number=0
  while [ "$number" -lt "$count" ]; do
    "$2" "$1/$number" || return 1
    number=$((number + 1))
  done
}

# Whether a list of texts is in order: POINTER tags (by bytes, or by letters in any case) or letters.
json_sorted() {
  read_json "$1" || return 1
  [ "$TYPE" = array ] || return 0
  disorder=$(POINTER=$1 ORDER=$2 LC_ALL=C awk -F '\t' '
    index($1, ENVIRON["POINTER"] "/") == 1 && substr($1, length(ENVIRON["POINTER"]) + 2) !~ /\// && $2 == "string" { tag[n++] = $3 }
    function kind(c) { return c ~ /[a-z]/ ? 1 : c ~ /[0-9]/ ? 2 : 3 }
    # The order of digits, signs and letters among each other is not defined.
    function in_letters(a, b,   k, x, y) {
      a = tolower(a); b = tolower(b)
      for (k = 1; k <= length(a) && k <= length(b); k++) {
        x = substr(a, k, 1); y = substr(b, k, 1)
        if (x != y) return kind(x) == 3 || kind(x) != kind(y) || x < y
      }
      return length(a) <= length(b)
    }
    END {
      bytes = letters = -1
      for (k = 1; k < n && bytes < 0; k++) if (tag[k] "" < tag[k - 1] "") bytes = k
      for (k = 1; k < n && letters < 0; k++) for (j = (k > 64 ? k - 64 : 0); j < k; j++) if (!in_letters(tag[j], tag[k])) letters = k
      at = letters
      if (ENVIRON["ORDER"] == "tags") at = (bytes < 0 || letters < 0) ? -1 : (bytes > letters ? bytes : letters)
      if (at > 0) print tag[at] " after " tag[at - 1]
    }' "$FLAT")
  [ -z "$disorder" ] || ! ACTUAL="$json_name: $disorder"
}
