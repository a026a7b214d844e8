import Drops
import Records

/// Decides what was woken, unit by unit: an event that wakes ten thousand entries makes no giant transaction.
///
/// Wakes are rows; a crash between two units leaves the rest of them, and the next start goes on with it.
struct Waking {
    let engine: Engine

    /// Decides woken entries until none is left.
    func untilQuiet() throws {
        var isQuiet = try engine.database.read { try !$0.hasWoken() }
        while !isQuiet {
            do {
                isQuiet = try decide { try $0.decideWoken() }
            } catch is SchemaRefusal {
                isQuiet = try findCulprit()
            }
        }
    }

    /// One of a unit was refused: each gets a unit of its own, until it is found and rejected.
    private func findCulprit() throws -> Bool {
        for _ in 0..<Desk.wakesOfUnit {
            do {
                if try decide({ try $0.decideWoken(atMost: 1) }) { return true }
            } catch let refusal as SchemaRefusal {
                try decide { desk in
                    guard let held = try desk.unit.nextWoken() else { return }
                    try desk.releaseAsRefused(held, by: refusal)
                }
                return false
            }
        }
        return false
    }

    /// One transaction of the desk, with the answers for those whose waiting it ended.
    private func decide<Value>(_ body: (Desk) throws -> Value) throws -> Value {
        let (value, released) = try engine.database.write { unit in
            unit.context = engine.context()
            let desk = engine.desk(in: unit)
            let value = try body(desk)
            try engine.dropDocuments.queueFollowUps(desk.released, except: 0, in: unit)
            return (value, desk.released)
        }
        engine.note(released: released)
        return value
    }
}
