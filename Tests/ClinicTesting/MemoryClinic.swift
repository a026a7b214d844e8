package import Clinic

/// A clinic in dictionaries: what the rules may ask, without a database.
package final class MemoryClinic: ClinicState {
    package struct Contents {
        var entities: [String: [String: any ClinicEntity]] = [:]
        var series: [Series: Int64] = [:]
        var events: [Event] = []
    }

    package private(set) var contents = Contents()

    package init() {}

    package var events: [Event] { contents.events }

    package func fetch<Entity: ClinicEntity>(_ type: Entity.Type, id: String) -> Entity? {
        contents.entities[Entity.kind]?[id] as? Entity
    }

    package func fetch<Entity: ClinicEntity>(_ type: Entity.Type, where lookup: Entity.Lookup) -> [Entity] {
        all(type).filter { $0.matches(lookup) }
    }

    package func all<Entity: ClinicEntity>(_ type: Entity.Type) -> [Entity] {
        (contents.entities[Entity.kind] ?? [:]).sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            .compactMap { $0.value as? Entity }
    }

    package func next(_ series: Series) -> Int64 {
        contents.series[series, default: 0] += 1
        return contents.series[series, default: 0]
    }

    package func apply(_ event: Event) {
        contents.events.append(event)
        for entity in event.writes { put(entity) }
    }

    /// Writes an entity without an event: a given of a test.
    package func put(_ entity: any ClinicEntity) {
        contents.entities[type(of: entity).kind, default: [:]][entity.id] = entity
    }

    /// Runs a unit that leaves nothing behind when it is refused.
    package func unit(_ body: () throws -> Ruling) rethrows -> Ruling {
        let before = contents
        let ruling = try body()
        if !ruling.isClear { contents = before }
        return ruling
    }
}
