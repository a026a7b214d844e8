internal import Glibc

/// What could not be done with a file: the act, the path and the reason.
public struct FileFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// What was asked of the file.
    public enum Act: String, Sendable {
        /// Listing a directory.
        case list
        /// Asking for the facts about a file.
        case examine
        /// Opening a file.
        case open
        /// Reading its bytes.
        case read
        /// Moving within it.
        case seek
        /// Writing a new file.
        case write
        /// Writing at the end of a file.
        case append
        /// Copying to another file system.
        case copy
        /// Giving a file another name.
        case rename
        /// Taking a name away.
        case unlink
        /// Changing its rights.
        case restrict
        /// Making a directory.
        case makeDirectory = "make directory"
        /// Bringing bytes or names to the disk.
        case sync
        /// Closing a file.
        case close
        /// Taking a lock.
        case lock
        /// Watching a directory.
        case watch
        /// Setting limits of this process.
        case limit
    }

    /// Why it could not be done.
    public enum Reason: Equatable, Sendable {
        /// The name is taken (EEXIST).
        case alreadyExists
        /// No such file or directory (ENOENT).
        case missing
        /// The names lie on two file systems (EXDEV).
        case otherFileSystem
        /// The file system does not know the act (EINVAL, ENOSYS or EOPNOTSUPP of a rename).
        case unsupported
        /// The disk or the quota is full (ENOSPC, EDQUOT).
        case noSpace
        /// The permissions forbid it (EACCES, EPERM).
        case notPermitted
        /// Another process holds the lock.
        case held
        /// The path has a NUL byte.
        case hasNUL
        /// The name leads out of the directory it was to lie beneath.
        case escapes
        /// The name is, or leads through, a symbolic link.
        case symbolicLink
        /// The file is a directory.
        case directory
        /// The file is a named pipe.
        case pipe
        /// The file is a socket.
        case socket
        /// The file is a device.
        case device
        /// The file has this many names, and so may belong elsewhere.
        case severalLinks(UInt64)
        /// The file has more bytes than this limit.
        case tooLarge(Int)
        /// Another refusal of the kernel, with its number.
        case system(Int32)
    }

    /// What was asked of the file.
    public let act: Act

    /// The file.
    public let path: Path

    /// Why it could not be done.
    public let reason: Reason

    /// A fault of an act on a file.
    public init(_ act: Act, _ path: Path, _ reason: Reason) {
        self.act = act
        self.path = path
        self.reason = reason
    }

    /// The fault that the last system call of this thread left in `errno`.
    static func last(_ act: Act, _ path: Path) -> FileFault {
        FileFault(act, path, Reason(errorNumber: errno, of: act))
    }

    /// The act, the path with its odd bytes escaped, and the reason.
    public var description: String {
        "\(act.rawValue) \(path): \(reason.text)"
    }
}

extension FileFault.Reason {
    init(errorNumber: Int32, of act: FileFault.Act) {
        switch errorNumber {
        case EEXIST: self = .alreadyExists
        case ENOENT: self = .missing
        case EXDEV: self = .otherFileSystem
        case ENOSPC, EDQUOT: self = .noSpace
        case EACCES, EPERM: self = .notPermitted
        case EINVAL where act == .rename, ENOSYS where act == .rename, EOPNOTSUPP where act == .rename:
            self = .unsupported
        default: self = .system(errorNumber)
        }
    }

    /// The reason in words.
    public var text: String {
        switch self {
        case .alreadyExists: FileFault.Reason.text(of: EEXIST)
        case .missing: FileFault.Reason.text(of: ENOENT)
        case .otherFileSystem: FileFault.Reason.text(of: EXDEV)
        case .unsupported: "the file system does not support it"
        case .noSpace: FileFault.Reason.text(of: ENOSPC)
        case .notPermitted: FileFault.Reason.text(of: EACCES)
        case .held: "another process holds it"
        case .hasNUL: "the path has a NUL byte"
        case .escapes: "the name leads out of its directory"
        case .symbolicLink: "it is a symbolic link"
        case .directory: "it is a directory"
        case .pipe: "it is a named pipe"
        case .socket: "it is a socket"
        case .device: "it is a device"
        case .severalLinks(let count): "it has \(count) names (hard links)"
        case .tooLarge(let limit): "it has more than \(limit) bytes"
        case .system(let number): FileFault.Reason.text(of: number)
        }
    }

    private static func text(of number: Int32) -> String {
        String(cString: strerror(number))
    }
}
