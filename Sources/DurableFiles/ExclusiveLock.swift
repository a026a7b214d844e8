internal import CLinux
internal import Glibc

/// The right to be the only one at work, held through a lock on a file for as long as this object lives.
///
/// The kernel takes the lock back however the process ends. The file stays: taking its name away would let two
/// processes lock two files.
public final class ExclusiveLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock, making the file if need be; `.held` if another process has it.
    public init(_ path: Path) throws(FileFault) {
        let flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW
        let opened = try path.withCString(.lock) { suture_open($0, flags, 0o600) }
        guard opened >= 0 else { throw .last(.lock, path) }
        while suture_lock_exclusively(opened) != 0 {
            guard errno != EINTR else { continue }
            let fault = errno == EWOULDBLOCK ? FileFault(.lock, path, .held) : .last(.lock, path)
            close(opened)
            throw fault
        }
        descriptor = opened
    }

    deinit {
        close(descriptor)
    }
}

extension Files {
    /// Allows no core dump of this process, and no other process of its user to read its memory.
    public static func disableCoreDumps() throws(FileFault) {
        guard suture_disable_core_dumps() == 0 else { throw .last(.limit, Path("core")) }
    }
}
