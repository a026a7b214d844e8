internal import CLinux
internal import Glibc

/// A file open for reading; closed when nobody holds it any more.
///
/// The place of reading is the kernel's, so two readers of one `ByteFile` share it.
public final class ByteFile: Sendable {
    /// Whether anybody has the file open for writing.
    public enum Writers: Equatable, Sendable {
        /// Nobody has.
        case none
        /// Somebody has.
        case some
        /// The kernel cannot tell: the file belongs to another user, or its file system knows no leases.
        case unknown(Int32)
    }

    /// The path by which it was opened, for faults.
    public let path: Path

    /// The kernel's number of the open file.
    public let descriptor: Int32

    /// Opens a file of ours for reading; for what others dropped, use `Directory.openBeneath`.
    public convenience init(_ path: Path) throws(FileFault) {
        let opened = try path.withCString(.open) { suture_open($0, O_RDONLY | O_CLOEXEC | O_NOCTTY, 0) }
        guard opened >= 0 else { throw .last(.open, path) }
        self.init(descriptor: opened, path: path)
    }

    init(descriptor: Int32, path: Path) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit {
        close(descriptor)
    }

    /// What the kernel tells about the open file.
    public func facts() throws(FileFault) -> FileFacts {
        try FileFacts(descriptor: descriptor, path: path)
    }

    /// The next bytes, at most so many; none at the end of the file only.
    public func read(_ most: Int) throws(FileFault) -> [UInt8] {
        var failure: FileFault?
        let bytes = [UInt8](unsafeUninitializedCapacity: most) { buffer, count in
            while true {
                let answer = Glibc.read(descriptor, buffer.baseAddress, most)
                if answer >= 0 {
                    count = answer
                    return
                }
                guard errno == EINTR else {
                    failure = .last(.read, path)
                    return
                }
            }
        }
        if let failure {
            throw failure
        }
        return bytes
    }

    /// Goes on reading at this offset from the start.
    public func seek(to offset: Int64) throws(FileFault) {
        guard lseek(descriptor, Int(offset), SEEK_SET) >= 0 else { throw .last(.seek, path) }
    }

    /// All bytes from here to the end; more than the cap are refused, also when the file grows meanwhile.
    public func readAll(cap: Int) throws(FileFault) -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let chunk = try read(min(1 << 20, cap - bytes.count) + 1)
            guard !chunk.isEmpty else { return bytes }
            bytes += chunk
            guard bytes.count <= cap else { throw FileFault(.read, path, .tooLarge(cap)) }
        }
    }

    /// Brings the bytes of the file to the disk.
    public func sync() throws(FileFault) {
        try retryingInterrupts(.sync, path) { fsync(descriptor) }
    }

    /// Whether anybody has the file open for writing, by a lease that is given back at once.
    public func writers() -> Writers {
        guard suture_take_read_lease(descriptor) == 0 else {
            return errno == EAGAIN ? .some : .unknown(errno)
        }
        return suture_return_lease(descriptor) == 0 ? .none : .unknown(errno)
    }
}

extension Files {
    /// All bytes of a file of ours; more than the cap are refused.
    public static func read(_ path: Path, cap: Int) throws(FileFault) -> [UInt8] {
        try ByteFile(path).readAll(cap: cap)
    }
}
