//! What a worker gives up before it reads a file or a word from outside: native code that is made
//! to misbehave can then neither talk to the network, start programs, nor take the machine's memory.
//!
//! On Linux a seccomp filter refuses the calls with `EPERM`; it needs no rights and holds for every
//! thread. Elsewhere the worker is only a process of its own.

/// Leaves core dumps (they hold what students said), the network and other programs behind. Call
/// while there is one thread: later ones inherit it.
pub(super) fn renounce() {
    #[cfg(unix)]
    if let Err(error) = nix::sys::resource::setrlimit(nix::sys::resource::Resource::RLIMIT_CORE, 0, 0) {
        tracing::warn!(%error, "a crash of the worker may leave a core dump");
    }
    #[cfg(target_os = "linux")]
    if let Err(error) = linux::filter() {
        tracing::warn!(error, "the worker could reach the network: this system has no seccomp filter");
    }
}

/// Bounds the memory that native code may allocate, in bytes. Mapped weights do not count.
pub(super) fn bound_memory(most: Option<u64>) {
    // Drivers of accelerators reserve far more address space than there is memory.
    let accelerated = cfg!(any(feature = "cuda", feature = "vulkan", feature = "metal"));
    let Some(most) = most.filter(|_| !accelerated) else { return };
    #[cfg(target_os = "linux")]
    if let Err(error) = nix::sys::resource::setrlimit(nix::sys::resource::Resource::RLIMIT_DATA, most, most) {
        tracing::warn!(%error, "the worker's memory is not bounded");
    }
    #[cfg(not(target_os = "linux"))]
    let _ = most;
}

#[cfg(target_os = "linux")]
mod linux {
    use seccompiler::{BpfProgram, SeccompAction, SeccompFilter};

    /// Sockets are how the network is reached, whatever the protocol; a new program could do
    /// anything; a debugger could read the server; `io_uring` opens sockets past this filter.
    const REFUSED: [i64; 7] = [
        libc::SYS_socket,
        libc::SYS_connect,
        libc::SYS_execve,
        libc::SYS_execveat,
        libc::SYS_ptrace,
        libc::SYS_process_vm_readv,
        libc::SYS_io_uring_setup,
    ];

    pub(super) fn filter() -> Result<(), String> {
        let rules = REFUSED.into_iter().map(|call| (call, Vec::new())).collect();
        let refuse = SeccompAction::Errno(libc::EPERM.unsigned_abs());
        let architecture = std::env::consts::ARCH.try_into().map_err(|_| "an unknown processor".to_owned())?;
        let filter = SeccompFilter::new(rules, SeccompAction::Allow, refuse, architecture);
        let program: BpfProgram =
            filter.and_then(TryInto::try_into).map_err(|error: seccompiler::BackendError| error.to_string())?;
        seccompiler::apply_filter(&program).map_err(|error| error.to_string())
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::{io::ErrorKind, net::UdpSocket, process::Command, thread};

    #[test]
    fn a_worker_reaches_neither_network_nor_programs() {
        // The filter holds for this thread and what it starts; it cannot be taken off again.
        let tried = thread::spawn(|| {
            super::renounce();
            let network = UdpSocket::bind("127.0.0.1:0").map(|_| ());
            let program = Command::new("true").status().map(|_| ());
            let inherited = thread::spawn(|| UdpSocket::bind("127.0.0.1:0").map(|_| ())).join().unwrap();
            [network, program, inherited].map(|outcome| outcome.unwrap_err().kind())
        });

        assert_eq!(tried.join().unwrap(), [ErrorKind::PermissionDenied; 3]);
    }
}
