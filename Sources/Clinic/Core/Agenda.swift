/// The events of one ruling that are still to be applied, each followed at once by its consequences.
struct Agenda {
    /// Events made together, from one look at the state.
    private struct Batch {
        let number: Int
        var events: ArraySlice<Event>
    }

    /// The innermost consequences are last.
    private var batches: [Batch]
    private var made = 0
    /// Which batch wrote an entity last.
    private var writers: [EntityName: Int] = [:]

    private struct EntityName: Hashable {
        let kind: String
        let id: RowID
    }

    init(_ events: [Event]) { batches = [Batch(number: 0, events: events[...])] }

    /// Puts consequences before everything that is left.
    mutating func insert(_ events: [Event]) {
        guard !events.isEmpty else { return }
        made += 1
        batches.append(Batch(number: made, events: events[...]))
    }

    /// The next event; throws where a later batch has changed what the event would write over.
    mutating func next() throws -> Event? {
        while let last = batches.indices.last {
            guard let event = batches[last].events.popFirst() else {
                batches.removeLast()
                continue
            }
            let number = batches[last].number
            for entity in event.writes {
                let name = EntityName(kind: type(of: entity).kind, id: RowID(entity.id))
                if let writer = writers[name], writer > number {
                    throw PathwayFault.overtaken(kind: event.kind, entity: "\(name.kind) \(entity.id)")
                }
                writers[name] = number
            }
            return event
        }
        return nil
    }
}

/// A fault of the program in what follows from an entry; the entry is refused, and nothing of it stands.
package enum PathwayFault: Error, CustomStringConvertible {
    /// The consequences of consequences do not come to an end.
    case endlessCascade(kind: String)
    /// An event would take back what consequences have changed since it was made.
    case overtaken(kind: String, entity: String)

    package var description: String {
        switch self {
        case .endlessCascade(let kind): "the consequences do not come to an end; the last was \(kind)"
        case .overtaken(let kind, let entity): "\(kind) would take back what changed \(entity) meanwhile"
        }
    }
}
