/**
 * What runs on the host for a file, each in one round trip. The texts are constant: paths come as arguments, content
 * on standard input. Plain POSIX shell, with the `stat -c` of coreutils and busybox; `$sudo` stands before each command
 * that needs root, and docs/security.md lists them.
 */

/** $1 path. Prints mode, owner and group on the first line, then the content. */
export const readScript = `stat -L -c '%a %u %g' -- "$1" && exec $sudo cat -- "$1"`;

/** $1 path, $2 mode or nothing, $3 how many bytes must arrive. */
export const writeScript = `set -e
file=$1 mode=$2 size=$3
fail() { echo "$1" >&2; exit 65; }
# A link stays a link: its target is what is written.
if [ -L "$file" ]; then file=$(readlink -f -- "$file") || fail "the link points nowhere"; fi
if [ -d "$file" ]; then fail "it is a folder"; fi
folder=$(dirname -- "$file")
umask 077
temporary=$folder/.$(basename -- "$file").new
trap '$sudo rm -f -- "$temporary"' EXIT
trap 'exit 129' HUP INT TERM
# What an interrupted run left there may be anyone's to read.
$sudo rm -f -- "$temporary"
$sudo tee -- "$temporary" > /dev/null
arrived=$(stat -c %s -- "$temporary")
[ "$arrived" -eq "$size" ] || fail "only $arrived of $size bytes arrived"
if [ -e "$file" ]; then
  owner=$(stat -c %u:%g -- "$file")
  [ "$owner" = "$(stat -c %u:%g -- "$temporary")" ] || $sudo chown -- "$owner" "$temporary"
  mode=\${mode:-$(stat -c %a -- "$file")}
fi
$sudo chmod -- "\${mode:-644}" "$temporary"
# First the content, then the name, then the folder that holds the name: a crash leaves the old file or the new one.
sync -- "$temporary" 2>/dev/null || sync
$sudo mv -f -- "$temporary" "$file"
trap - EXIT
sync -- "$folder" 2>/dev/null || sync
`;

/** $1 path. */
export const removeScript = `exec $sudo rm -f -- "$1"`;
