package import Clinic

extension LedgerRow {
    /// What the event wrote of a type, as it stood then; nothing of what is secret or was erased.
    package func written<Entity: ClinicEntity & Decodable>(_ type: Entity.Type) throws -> [Entity] {
        guard let payload else { return [] }
        return try LedgerPayload.images(in: try JSONReading.tree(of: payload)).compactMap { written in
            guard written.kind == Entity.kind, let image = written.image else { return nil }
            return try Entity(from: TreeDecoder(json: image))
        }
    }

    /// The event that this one follows from by itself, such as `plan.revised plan:P-1`.
    package func cause() throws -> String? {
        guard let payload, case .object(let members) = try JSONReading.tree(of: payload),
            case .string(let cause)? = members["cause"]
        else { return nil }
        return cause
    }
}
