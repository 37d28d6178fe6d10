"""The guest of Tools/test-camera: Debian's arm64 kernel with its modules, a file system, and the machine that boots them."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import threading
import time

HELPERS = pathlib.Path(__file__).resolve().parent

# Pinned: vivid's loop control is another one in 6.12, and the modules are compressed there.
KERNEL_META = "linux-image-arm64"
KERNEL_SERIES = "linux-image-6.1."
VIVID_OPTIONS = ("n_devs=1 node_types=0x101 num_inputs=1 input_types=3 num_outputs=1 output_types=1 "
                 "ccs_cap_mode=3 ccs_out_mode=3")
# What the guest's dynamic program needs.
LIBRARIES = {"ld-linux-aarch64.so.1": "lib", "libc.so.6": "lib/aarch64-linux-gnu",
             "libturbojpeg.so.0": "usr/lib/aarch64-linux-gnu"}


class EmulatorError(Exception):
    """What is wrong with a machine, in a sentence."""


def fetch_guest(cache):
    """Kernel, modules and busybox of the guest, unpacked below the cache. The desk's own package state is not touched."""
    unpacked = cache / "root"
    if (unpacked / "usr/lib/aarch64-linux-gnu/libturbojpeg.so.0").exists():
        return unpacked
    state = cache / "apt"
    for folder in ["lists/partial", "cache/archives/partial"]:
        (state / folder).mkdir(parents=True, exist_ok=True)
    (state / "status").write_text("")
    (state / "options").write_text(
        'APT::Architecture "arm64";\n#clear APT::Architectures;\nAPT::Architectures { "arm64"; };\n'
        f'Dir::State::Lists "{state}/lists";\nDir::State::status "{state}/status";\nDir::Cache "{state}/cache";\n'
        'APT::Sandbox::User "root";\n')
    environment = {**os.environ, "APT_CONFIG": str(state / "options")}

    def apt(*arguments, folder=None):
        return subprocess.run(arguments, env=environment, cwd=folder, check=True, capture_output=True, text=True).stdout

    # One of the desk's sources may be out of order that has no part in this; what is wanted is asked for below.
    subprocess.run(["apt-get", "-q", "update"], env=environment, capture_output=True)
    kernel = re.search(rf"^Depends: ({re.escape(KERNEL_SERIES)}[^ ,]*)",
                       apt("apt-cache", "show", "--no-all-versions", KERNEL_META), re.MULTILINE)
    if not kernel:
        raise EmulatorError(f"the Debian mirror's {KERNEL_META} is not of the series {KERNEL_SERIES}*, to which this test is pinned")
    packages = cache / "packages"
    shutil.rmtree(packages, ignore_errors=True)
    packages.mkdir(parents=True)
    apt("apt-get", "-q", "download", kernel[1], "busybox-static", "libc6", "libturbojpeg0", folder=packages)
    shutil.rmtree(unpacked, ignore_errors=True)
    for package in packages.glob("*.deb"):
        subprocess.run(["dpkg-deb", "-x", package, unpacked], check=True)
    (unpacked / "complete").write_text(kernel[1] + "\n")
    return unpacked


def modules_for(guest, wanted):
    """The module files that those of `wanted` need, dependencies first, by the modules' own `depends=`."""
    folder = next((guest / "lib" / "modules").iterdir())
    builtin = {pathlib.Path(line).stem.replace("-", "_") for line in (folder / "modules.builtin").read_text().split()}
    files = {path.stem.replace("-", "_"): path for path in folder.rglob("*.ko")}
    order = []

    def walk(name):
        name = name.replace("-", "_")
        if name in builtin or files.get(name) in order:
            return
        if name not in files:
            raise EmulatorError(f"the guest's kernel has no module {name}")
        depends = re.search(rb"\0depends=([^\0]*)\0", files[name].read_bytes())
        for dependency in filter(None, (depends[1].decode() if depends else "").split(",")):
            walk(dependency)
        order.append(files[name])

    for module in wanted:
        walk(module)
    return order


def archive(entries):
    """A newc cpio archive: `entries` maps a path to (mode, bytes)."""
    out = bytearray()

    def add(number, path, mode, data):
        name = path.encode() + b"\0"
        fields = [number, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name), 0]
        out.extend(b"070701" + b"".join(b"%08X" % field for field in fields) + name)
        out.extend(b"\0" * (-len(out) % 4))
        out.extend(data)
        out.extend(b"\0" * (-len(out) % 4))

    for number, path in enumerate(sorted(entries), start=1):
        add(number, path, *entries[path])
    add(0, "TRAILER!!!", 0, b"")
    return bytes(out)


def initramfs(guest, modules, files):
    """The guest's whole file system: modules in the order of their loading, and files of the folder test."""
    folder, file, executable = 0o040755, 0o100644, 0o100755
    entries = {path: (folder, b"") for path in [
        "bin", "dev", "lib", "lib/aarch64-linux-gnu", "proc", "sys", "tmp", "modules", "test"]}
    entries["bin/busybox"] = (executable, (guest / "bin" / "busybox").read_bytes())
    entries["init"] = (executable, (HELPERS / "init").read_bytes())
    for library, place in LIBRARIES.items():
        target = "lib" if library.startswith("ld-") else "lib/aarch64-linux-gnu"
        entries[f"{target}/{library}"] = (executable, (guest / place / library).read_bytes())
    for module in modules:
        entries[f"modules/{module.name}"] = (file, module.read_bytes())
    entries["modules/order"] = (file, "\n".join(module.name for module in modules).encode())
    entries["modules/vivid.options"] = (file, VIVID_OPTIONS.encode())
    for name, content in files.items():
        entries[f"test/{name}"] = (executable, content)
    return archive(entries)


def boot(guest, machine, image, timeout):
    """Runs the machine and gives its console. Idle time is skipped and time counts instructions, so a busy desk loses
    no frame and every run is the same."""
    command = ["qemu-system-aarch64", "-nodefaults", "-nographic", "-no-reboot", "-initrd", str(image),
               "-kernel", str(next((guest / "boot").glob("vmlinuz-*"))),
               "-icount", "shift=0,sleep=off", "-seed", "1", "-rtc", "base=2025-01-01,clock=vm"]
    if machine == "raspi3b":
        tree = next(guest.glob("usr/lib/linux-image-*/broadcom/bcm2837-rpi-3-b.dtb"))
        command += ["-M", "raspi3b", "-dtb", str(tree), "-serial", "null", "-serial", "stdio",
                    "-append", "console=ttyS1,115200 quiet panic=-1 nokaslr"]
    else:
        command += ["-M", "virt", "-cpu", "cortex-a72", "-m", "512", "-serial", "stdio",
                    "-append", "console=ttyAMA0 quiet panic=-1 nokaslr"]
    lines = []
    began = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               text=True, errors="replace")
    watch = threading.Timer(timeout, process.kill)
    watch.start()
    for line in process.stdout:
        lines.append(line.rstrip())
        # The Raspberry Pi's machine cannot switch itself off.
        if "@STATUS" in line:
            break
    watch.cancel()
    process.kill()
    process.wait()
    if not lines or "@STATUS" not in lines[-1]:
        sys.stderr.write("\n".join(lines[-40:]) + "\n")
        raise EmulatorError(f"the machine did not end within {timeout} s")
    return "\n".join(lines), time.monotonic() - began
