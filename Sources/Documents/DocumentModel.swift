/// A document before it is rendered: the frozen model, and where its file goes.
package struct DocumentModel: Sendable {
    /// The folder of the outbox, such as `bills`; with a sub-folder for some.
    package var folder: String
    /// The file's name, made of our own numbers.
    package var name: String
    /// What renders it, such as `bill-text`.
    package var kind: String
    /// The version of what renders it.
    package var version: Int
    /// Canonical JSON.
    package var model: [UInt8]
    /// A later file of the same name takes its place.
    package var replaces: Bool
    /// It holds what nothing may keep after delivery.
    package var isSecret: Bool

    package init(
        folder: String, name: String, kind: String, version: Int, model: [UInt8], replaces: Bool = false,
        isSecret: Bool = false
    ) {
        self.folder = folder
        self.name = name
        self.kind = kind
        self.version = version
        self.model = model
        self.replaces = replaces
        self.isSecret = isSecret
    }
}

/// A queued document names a template that this program does not have.
package struct UnknownTemplate: Error, CustomStringConvertible {
    package let kind: String
    package let version: Int

    package init(kind: String, version: Int) {
        self.kind = kind
        self.version = version
    }

    package var description: String { "no template renders \(kind) in version \(version)" }
}
