package import DurableFiles
import Synchronization

/// The name of a message's file in the inbox: unique for ever, and sorting in the order in which they came.
///
/// It is the number of the listener's session and that of the message within it; the machine's clock, which may be set
/// back, does not order it.
package struct DropName: Hashable, Sendable, CustomStringConvertible {
    let session: Int64
    let number: Int64

    /// The file's name.
    package var file: String { "mllp-\(Self.padded(session))-\(Self.padded(number)).hl7" }

    /// A name that the inbox passes over, while the file is written.
    var part: String { ".\(file).part" }

    /// MSH-10 of the listener's own answers; 20 characters, as versions before 2.7 allow.
    var controlID: String { "\(Self.padded(session))\(Self.padded(number))" }

    package var description: String { file }

    private static func padded(_ value: Int64) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, 10 - digits.count)) + digits
    }
}

/// Gives out the names of one session.
package final class DropNames: Sendable {
    private let session: Int64
    private let last = Mutex(Int64(0))

    init(session: Int64) { self.session = session }

    func next() -> DropName {
        DropName(
            session: session,
            number: last.withLock { last in
                last += 1
                return last
            })
    }

    /// Begins a session: its number is on the disk before its first name is given out.
    ///
    /// It is above that of every session before, and no less than the clock says, should the file with the last one
    /// have been lost.
    package static func beginSession(file: Path, wallSeconds: Int64) throws -> DropNames {
        var last: Int64 = 0
        if try Files.exists(file) {
            let text = String(decoding: try Files.read(file, cap: 64), as: UTF8.self)
            last = Int64(text.filter { $0 != "\n" }) ?? 0
        }
        let session = max(last + 1, wallSeconds)
        let part = file.parent / ".\(String(decoding: file.name, as: UTF8.self)).part"
        if try Files.exists(part) { try Files.unlink(part) }
        try Files.writeNew(part, Array("\(session)\n".utf8))
        try Files.renameReplacing(from: part, to: file)
        try Files.syncDirectory(file.parent)
        return DropNames(session: session)
    }
}
