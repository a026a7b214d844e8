internal import CLinux
internal import Glibc

/// A new file that is written piece by piece and brought to the disk at its end.
///
/// One writer at a time. A file that was never finished is somebody's to unlink.
public final class GrowingFile {
    private let path: Path
    private var descriptor: Int32

    /// Makes the file; its name must be free.
    public init(_ path: Path, mode: UInt32 = 0o600) throws(FileFault) {
        self.path = path
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
        descriptor = try path.withCString(.write) { suture_open($0, flags, mode) }
        guard descriptor >= 0 else { throw .last(.write, path) }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Adds bytes at the end.
    public func write(_ bytes: [UInt8]) throws(FileFault) {
        try Files.writeAll(bytes, to: descriptor, .write, path)
    }

    /// Brings all of it to the disk and closes it; its name is on the disk once the directory is synced.
    ///
    /// Without a sync the bytes are on the disk only when somebody syncs the file by its name.
    public func finish(sync: Bool = true) throws(FileFault) {
        let open = descriptor
        if sync { try retryingInterrupts(.sync, path) { fsync(open) } }
        descriptor = -1
        guard close(open) == 0 else { throw .last(.close, path) }
    }
}

extension FileFault {
    /// Whether the fault lies in what was dropped (no plain file) rather than in the machine.
    public var isRefusal: Bool {
        switch reason {
        case .escapes, .symbolicLink, .directory, .pipe, .socket, .device, .severalLinks, .tooLarge: true
        default: false
        }
    }
}
