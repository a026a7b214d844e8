package import Clinic
import DurableFiles
import Records

/// A look at a workspace that changes nothing in it, also while a processor works there.
package struct Inquiry {
    package let workspace: Workspace
    package let configuration: ClinicConfiguration
    /// The business clock of the look.
    package let now: Instant
    let key: [UInt8]
    let database: ClinicDatabase

    /// Opens a workspace to look only; one in which nothing ever ran has an empty state.
    package init(workspace: Workspace, now: Instant? = nil) throws {
        guard try workspace.exists() else { throw WorkspaceFault.noWorkspace(workspace) }
        self.workspace = workspace
        self.now = now ?? Instant(secondsSinceEpoch: Engine.wallSeconds())
        configuration = try ClinicConfiguration.load(from: workspace.clinicFolder)
        key = try workspace.loadKey()
        database =
            try Files.exists(workspace.database)
            ? ClinicDatabase.readOnly(path: workspace.databaseFile, key: key)
            : ClinicDatabase.inMemory(key: key)
    }

    var catalog: Catalog { configuration.catalog }
    var zone: ZoneRules { configuration.catalog.zone }

    /// A time as the clinic's clocks show it.
    func stamp(_ instant: Instant) -> String { zone.stamp(instant) }
}

extension WorkspaceFault {
    /// Nobody has set a workspace up there.
    static func noWorkspace(_ workspace: Workspace) -> WorkspaceFault {
        WorkspaceFault(
            path: workspace.root,
            reason: "this is no workspace (clinic/clinic.yml is missing); `suture init DIR` makes one")
    }
}

/// What a reading command replies, for people and for programs.
package protocol Reply: Encodable {
    /// Lines for a terminal, without a line end at the end.
    var text: String { get }
}

extension Reply {
    /// One object, or one list, of JSON on one line.
    package func json() throws -> String { try CanonicalJSON.text(of: self) }
}
