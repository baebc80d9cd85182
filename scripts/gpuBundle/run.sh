#!/bin/sh
# Unpacks this folder on a machine with a GPU, and checks and measures the GPU machine there.
#
#   sh run.sh [FOLDER] [--software] [--out DIR] [--only smoke,laws,products,steps,leak]
#
# FOLDER is where things are unpacked, ./gpubox when absent. DIR gets results.jsonl, FOLDER/results when absent. Without
# --software there must be a real GPU; with it a renderer on the CPU is taken, and sizes are small. Needs tar, and xz or python3.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
box=
out=
way=
only=laws,products,steps,leak
while [ $# -gt 0 ]; do
  case $1 in
    --software) way=--software ;;
    --out | --only)
      [ $# -gt 1 ] || { echo "run.sh: $1 needs a value" >&2; exit 2; }
      if [ "$1" = --out ]; then out=$2; else only=$2; fi
      shift ;;
    -*) echo "run.sh: unknown option $1; see the first lines of this file" >&2; exit 2 ;;
    *) box=$1 ;;
  esac
  shift
done
box=${box:-$PWD/gpubox}
mkdir -p "$box"
box=$(cd "$box" && pwd)
out=${out:-$box/results}
mkdir -p "$out"
out=$(cd "$out" && pwd)
results=$out/results.jsonl

# --- unpacking

expand() {
  if command -v xz >/dev/null 2>&1; then
    xz -dc "$1"
  else
    python3 -c 'import lzma, shutil, sys; shutil.copyfileobj(lzma.open(sys.argv[1]), sys.stdout.buffer)' "$1"
  fi
}

echo "unpacking into $box"
expand "$here/js.tar.xz" | tar -xf - -C "$box"
expand "$here/node.xz" >"$box/node"
chmod +x "$box/node"
mkdir -p "$box/node_modules/webgpu/dist/linux-x64"
expand "$here/dawn.node.xz" >"$box/node_modules/webgpu/dist/linux-x64/dawn.node"
echo "Node $("$box/node" --version)"

# --- libraries that this machine lacks

PATH=$PATH:/usr/sbin:/sbin
known=$(ldconfig -p 2>/dev/null || true)
has() { printf '%s\n' "$known" | grep -q "^[[:space:]]*$1 "; }
mkdir -p "$box/libraries"
if [ -f "$here/libraries.tar.xz" ]; then
  expand "$here/libraries.tar.xz" | tar -xf - -C "$box/libraries"
  for file in "$box"/libraries/*.so.*; do
    if has "${file##*/}"; then rm "$file"; else echo "brings ${file##*/}"; fi
  done
fi
# WebGPU asks for libEGL.so, which only packages for developers have.
if ! has libEGL.so; then
  egl=$(printf '%s\n' "$known" | sed -n 's/^[[:space:]]*libEGL\.so\.1 .*=> //p' | head -n 1)
  ln -sf "${egl:-$box/libraries/libEGL.so.1}" "$box/libraries/libEGL.so"
fi
export LD_LIBRARY_PATH="$box/libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"

# --- the adapter

cd "$box"
programs=bench/dist/benchmarks
log=$out/adapters.log
: >"$log"

# Notes of the library that say nothing about results.
quiet() { grep -v 'artificially reduced' || true; }

# Looks for an adapter; what is said goes into the log, which is shown when there is none.
finds() {
  echo "looking for an adapter: $1" | tee -a "$log"
  ./node $programs/gpuCheck.js smoke $way --out "$results" >"$out/smoke.txt" 2>"$out/smoke.errors" && return 0
  quiet <"$out/smoke.errors" >>"$log"
  return 1
}

places="/usr/share /usr/local /etc /opt /run/nvidia* /run/opengl-driver*"
files() { find $places -maxdepth 6 -name "$1" 2>/dev/null || true; }
drivers() { find /usr/lib /usr/lib64 $places -maxdepth 6 -name "$1" 2>/dev/null | head -n 1; }

finds_by_vulkan() {
  for icd in $(files 'nvidia_icd*.json'); do
    export VK_DRIVER_FILES="$icd"
    finds "VK_DRIVER_FILES=$icd" && return 0
  done
  for name in libGLX_nvidia.so.0 libEGL_nvidia.so.0; do
    driver=$(drivers $name)
    [ -n "$driver" ] || continue
    printf '{"file_format_version":"1.0.1","ICD":{"library_path":"%s","api_version":"1.3.0"}}\n' "$driver" >"$box/$name.json"
    export VK_DRIVER_FILES="$box/$name.json"
    finds "VK_DRIVER_FILES=$box/$name.json, for $driver" && return 0
  done
  unset VK_DRIVER_FILES
  return 1
}

finds_by_opengl() {
  way=--opengl
  for vendor in $(files '*nvidia.json' | grep egl_vendor); do
    export __EGL_VENDOR_LIBRARY_FILENAMES="$vendor"
    finds "OpenGL, __EGL_VENDOR_LIBRARY_FILENAMES=$vendor" && return 0
  done
  unset __EGL_VENDOR_LIBRARY_FILENAMES
  finds "OpenGL, as it is"
}

if [ "$way" = --software ]; then
  export EGL_PLATFORM="${EGL_PLATFORM:-surfaceless}"
  finds "software" || { cat "$log" >&2; exit 1; }
elif ! finds "as it is" && ! finds_by_vulkan && ! finds_by_opengl; then
  cat "$log" >&2
  echo "run.sh: no GPU; $(command -v nvidia-smi >/dev/null 2>&1 && nvidia-smi -L || echo 'there is no nvidia-smi')" >&2
  exit 1
fi
cat "$out/smoke.txt"

# --- the rest

limit=
if command -v timeout >/dev/null 2>&1; then limit='timeout 240'; fi
if [ "$way" = --software ]; then laws=10 runs=2000; else laws=100 runs=10000; fi
failed=0
summary=

check() {
  name=$1
  shift
  case ",$only," in *",$name,"*) ;; *) return 0 ;; esac
  echo
  start=$(date +%s)
  code=0
  { $limit ./node "$@" $way --out "$results" 2>&1 || code=$?; echo "$code" >"$out/code"; } | quiet
  code=$(cat "$out/code")
  seconds=$(($(date +%s) - start))
  if [ "$code" -eq 0 ]; then verdict=ok; else verdict="FAILED ($code)"; failed=1; fi
  summary="$summary$(printf '%-10s%5s s  %s' "$name" "$seconds" "$verdict")
"
}

check laws $programs/gpuLaws.js --runs $laws
check products $programs/gpuCheck.js products
check steps $programs/gpuCheck.js steps
check leak $programs/gpuCheck.js leak --runs $runs
rm -f "$out/code" "$out/smoke.errors"

echo
printf '%s' "$summary"
echo "results: $results"
exit $failed
