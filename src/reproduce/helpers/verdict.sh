# Names the next step.
step() {
  STEP=$1
  printf '\n# %s\n' "$STEP"
}

# Judges one requirement: STATUS-OF-THE-TEST REQUIREMENT LEVEL EXPECTED. ACTUAL is the value that the test found.
judge() {
  JUDGED=$((JUDGED + 1))
  if [ "$1" = 0 ]; then
    printf 'conforms: %s\n' "$2"
  elif [ "$FINAL" = 0 ]; then
    LATE=1
  else
    VIOLATED=$((VIOLATED + 1))
    {
      printf 'VIOLATED: %s (%s)\n' "$2" "$3"
      printf '  expected: %s\n' "$4"
      printf '  actual:   %s\n' "$ACTUAL${BROKEN:+, and the response broke off}"
    } | printable | cut -c 1-1000
  fi
}

# Repeats a read until it shows the writes before it, for at most SETTLE seconds.
settle() {
  left=$SETTLE
  [ "$WROTE" = 1 ] || left=0
  while [ "$left" -gt 0 ]; do
    LATE=0 FINAL=0
    "$1" >attempt
    FINAL=1
    if [ "$LATE" = 0 ]; then
      cat attempt
      return
    fi
    sleep 1
    left=$((left - 1))
  done
  "$1"
}

# Ends where a value is missing that the next request needs: VALUE NAME.
need() {
  [ -n "$1" ] || stop "no response contained $2, which the next step needs"
}

# Ends the case early.
stop() {
  REASON=$1
  finish
}

# Says the result.
finish() {
  {
    printf '\n'
    if [ "$VIOLATED" -gt 0 ]; then
      printf 'reproduced: %s\n' "$CASE"
    elif [ -n "$REASON" ]; then
      printf 'no result: %s\n' "$REASON"
      case $REASON in 'the registry refused '*) name_run ;; esac
    elif [ "$JUDGED" -gt 0 ]; then
      printf 'not reproduced: %s\n' "$CASE"
      name_run
    else
      printf 'not exercised: %s (no response was one that the requirement is about)\n' "$CASE"
      name_run
    fi
  } | printable >&3
  [ "$VIOLATED" = 0 ] || exit 1
  if [ -n "$REASON" ] || [ "$JUDGED" = 0 ]; then exit 3; fi
  exit 0
}

# Names the command that sends the requests of the other cases as well.
name_run() {
  printf 'if the registry is unchanged, the failure needs the requests of other cases: %s\n' "$RUN"
}

# Ends without a violation where the registry declines a feature, as the specification permits.
declined() {
  printf 'the registry does not support: %s\n' "$1"
  finish
}
