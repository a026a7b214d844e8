import Clinic
import Drops
import Forms
import Records

extension Finding {
    /// The finding as it is kept with its entry.
    func reported(at place: Place, places: [Place] = [], shape: String? = nil) -> ReportedFinding {
        let all = [place] + places.filter { $0 != place }
        var reported = ReportedFinding(
            code: rule.code, hl7: rule.hl7.rawValue, statement: rule.statement, detail: detail, mend: mend,
            aside: aside, fields: fields.map(\.rawValue), places: all, shape: shape,
            waitsFor: waitsFor.map(\.rawValue))
        reported.overriddenBy = override?.by.rawValue
        return reported
    }
}

extension LocatedFinding {
    /// The finding with its places, as it is kept with its entry.
    var reported: ReportedFinding { finding.reported(at: place, places: places, shape: shape) }
}

extension Place {
    /// The place of an item of a list that stands in one field: `items[2]`, counted as people count.
    func item(_ index: Int) -> Place {
        // A part of a message is named by its path already.
        guard errorLocation == nil, let name else { return self }
        var place = self
        place.name = "\(name)[\(index + 1)]"
        return place
    }
}

/// Findings as bytes for the database.
enum FindingsCoding {
    /// In the order of their places, as a person goes through the file; at one place, in the order in which they arose.
    static func encode(_ findings: [ReportedFinding]) throws -> [UInt8]? {
        guard !findings.isEmpty else { return nil }
        let placed = findings.enumerated().map { index, finding in
            (order: (finding.place.line, finding.place.column ?? 1, index), finding: finding)
        }
        return try CanonicalJSON.bytes(of: placed.sorted { $0.order < $1.order }.map(\.finding))
    }

    static func decode(_ bytes: [UInt8]?) throws -> [ReportedFinding] {
        guard let bytes, !bytes.isEmpty else { return [] }
        return try JSONReading.value(from: bytes)
    }
}
