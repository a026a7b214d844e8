import CLinux
import Clinic
import DurableFiles
import Records

/// Remembers which drop was in work when the program crashed by itself, so that one that does it again is set aside.
///
/// Only our own fatal signals count: a kill, a power cut or a full disk is not the drop's fault.
struct Poison {
    let engine: Engine

    private var mark: Path { engine.workspace.state / "fatal" }

    /// Attempts after which a drop's entries are decided one in a transaction.
    static let careful = 2
    /// Attempts after which it is set aside.
    static let hopeless = 3

    /// Marks from now on.
    func arm() throws {
        let path = mark
        guard
            path.bytes.withUnsafeBufferPointer({ bytes in
                let text = bytes.map { CChar(bitPattern: $0) } + [0]
                return suture_mark_fatal_signals(text)
            }) == 0
        else { throw WorkspaceFault(path: path, reason: "fatal signals cannot be handled") }
    }

    static func working(on drop: Int64) { suture_set_current_work(drop) }

    /// Counts what an earlier run left; the count begins anew where the drop's cursor had moved.
    func recover() throws {
        guard try Files.exists(mark) else { return }
        let text = try Files.read(mark, cap: 64)
        if let number = Digits.value(of: text), var drop = try engine.database.read({ try $0.drop(Int64(number)) }) {
            try engine.database.write { unit in
                let key = "attempt-cursor:\(number)"
                let cursor = try unit.meta(key).flatMap { Int($0) }
                drop.attempts = cursor == drop.entriesDecided ? drop.attempts + 1 : 1
                _ = try unit.update(drop)
                try unit.setMeta(key, to: String(drop.entriesDecided))
            }
        }
        try Files.unlink(mark)
        try Files.syncDirectory(engine.workspace.state)
    }
}
