import Foundation

/// All that one document prints; rendering needs nothing else, so that it can be done at any later time.
protocol FrozenModel: Codable, Sendable {}

extension FrozenModel {
    /// Canonical JSON: sorted keys, integers and strings only.
    func frozen() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self))
    }

    init(thawing bytes: [UInt8]) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(bytes))
    }

    /// A document of this model.
    func document(
        _ template: Template, in folder: String, named name: String, replaces: Bool = false, isSecret: Bool = false
    ) throws -> DocumentModel {
        DocumentModel(
            folder: folder, name: name, kind: template.rawValue, version: template.version, model: try frozen(),
            replaces: replaces, isSecret: isSecret)
    }
}
