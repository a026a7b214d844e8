internal import Glibc

/// What the kernel tells about a file, without following a symbolic link.
public struct FileFacts: Equatable, Sendable {
    /// What kind of thing a name stands for.
    public enum Kind: Equatable, Sendable {
        /// A file with bytes.
        case regular
        /// A directory.
        case directory
        /// A symbolic link.
        case symbolicLink
        /// A named pipe.
        case pipe
        /// A socket.
        case socket
        /// A character or block device.
        case device
    }

    /// The kind of the file.
    public let kind: Kind

    /// The file system that it lies on.
    public let device: UInt64

    /// Its number on that file system.
    public let inode: UInt64

    /// How many bytes it has.
    public let size: Int64

    /// When its bytes last changed, in nanoseconds since 1970.
    public let modified: Int64

    /// When its bytes, names or rights last changed, in nanoseconds since 1970.
    public let changed: Int64

    /// How many names it has.
    public let links: UInt64

    /// The user that it belongs to.
    public let owner: UInt32

    /// The permission bits.
    public let mode: UInt32

    /// The facts about a path; a symbolic link is told as one.
    public init(_ path: Path) throws(FileFault) {
        var status = stat()
        guard try path.withCString(.examine, { lstat($0, &status) }) == 0 else { throw .last(.examine, path) }
        self.init(status)
    }

    /// The facts about a path; nil when nothing bears that name.
    public static func ifPresent(_ path: Path) throws(FileFault) -> FileFacts? {
        do throws(FileFault) {
            return try FileFacts(path)
        } catch {
            guard error.reason == .missing else { throw error }
            return nil
        }
    }

    /// The facts about an open file.
    init(descriptor: Int32, path: Path) throws(FileFault) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .last(.examine, path) }
        self.init(status)
    }

    private init(_ status: stat) {
        kind = Kind(mode: status.st_mode)
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        modified = FileFacts.nanoseconds(status.st_mtim)
        changed = FileFacts.nanoseconds(status.st_ctim)
        links = UInt64(status.st_nlink)
        owner = status.st_uid
        mode = status.st_mode & 0o7777
    }

    /// A file may carry any time: one beyond the years that fit is told as the last that fits.
    private static func nanoseconds(_ time: timespec) -> Int64 {
        let (product, overflow) = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflowed) = product.addingReportingOverflow(Int64(time.tv_nsec))
        return overflow || overflowed ? (time.tv_sec < 0 ? .min : .max) : sum
    }
}

extension FileFacts.Kind {
    init(mode: UInt32) {
        switch mode & S_IFMT {
        case S_IFREG: self = .regular
        case S_IFDIR: self = .directory
        case S_IFLNK: self = .symbolicLink
        case S_IFIFO: self = .pipe
        case S_IFSOCK: self = .socket
        default: self = .device
        }
    }
}
