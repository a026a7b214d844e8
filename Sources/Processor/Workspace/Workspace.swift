import Clinic
package import DurableFiles

/// The folders of one clinic's installation.
package struct Workspace: Sendable {
    package let root: Path

    package init(root: String) { self.root = Path(root) }

    package var clinic: Path { root / "clinic" }
    package var inbox: Path { root / "inbox" }
    package var outbox: Path { root / "outbox" }
    package var state: Path { root / "var" }
    package var database: Path { state / "suture.db" }
    package var work: Path { state / "work" }
    package var outgoing: Path { state / "outgoing" }
    package var archive: Path { state / "archive" }
    package var quarantine: Path { state / "quarantine" }
    package var keys: Path { state / "keys" }
    package var key: Path { keys / "workspace.key" }
    package var lock: Path { state / "processor.lock" }

    /// The folder of the inbox into which a source drops.
    package func inbox(of source: SourceSettings) -> Path {
        source.name == SourceSettings.frontDesk.name ? inbox : inbox / source.name.rawValue
    }

    /// Where the clinic's configuration is, as it is written: a path's description is escaped for people.
    package var clinicFolder: String { String(decoding: clinic.bytes, as: UTF8.self) }
    package var databaseFile: String { String(decoding: database.bytes, as: UTF8.self) }

    /// True when somebody has set a workspace up here.
    package func exists() throws -> Bool { try Files.exists(clinic / "clinic.yml") }

    /// What the folder `clinic/` says.
    package func configuration() throws -> ClinicConfiguration {
        guard try exists() else { throw WorkspaceFault.noWorkspace(self) }
        return try ClinicConfiguration.load(from: clinicFolder)
    }

    /// Makes the folders that a running processor needs.
    package func makeFolders() throws {
        for folder in [inbox, outbox, state, work, outgoing, archive, quarantine] { try Files.makeDirectory(folder) }
    }

    /// Takes the rights of others away from the processor's own folders, where somebody gave them.
    ///
    /// The workspace itself keeps its search right, by which a sender of another user reaches an inbox.
    package func restrictFolders() throws {
        try Files.restrict(root, keeping: 0o711)
        for folder in [state, work, outgoing, archive, quarantine, keys] { try Files.restrict(folder) }
    }

    /// The key under which salts and tokens are made.
    package func loadKey() throws -> [UInt8] {
        let bytes = try Files.read(key, cap: 1024)
        guard bytes.count == 32 else { throw WorkspaceFault(path: key, reason: "the workspace's key is not 32 bytes") }
        return bytes
    }
}

/// Something about the workspace that its operator must mend.
package struct WorkspaceFault: Error, CustomStringConvertible {
    package let path: Path
    package let reason: String

    package init(path: Path, reason: String) {
        self.path = path
        self.reason = reason
    }

    package var description: String { "\(path): \(reason)" }
}
