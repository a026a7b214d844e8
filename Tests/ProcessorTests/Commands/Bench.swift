import Clinic
import DurableFiles
import Foundation
import Testing

@testable import Processor

/// A workspace of the example clinic in a folder of its own.
final class CommandBench: Sendable {
    static let sources = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// The business clock of all tests.
    static let now = Instant(secondsSinceEpoch: 1_795_370_400)

    let workspace: Workspace
    private let root: String

    init(suffix: String = "") throws {
        root = NSTemporaryDirectory() + "suture-commands-\(UUID().uuidString)\(suffix)"
        workspace = Workspace(root: root)
        try workspace.make(fromExample: Path(Self.sources) / "fixtures" / "clinic")
        try workspace.makeInboxes(ClinicConfiguration.load(from: workspace.clinicFolder).sources)
    }

    deinit {
        do { try FileManager.default.removeItem(atPath: root) } catch { Issue.record(error) }
    }

    /// The evening of the surgery day of `fixtures/one-patient`.
    static let evening = Instant(secondsSinceEpoch: 1_795_456_800)

    /// Drops the first files of one patient's pathway.
    func dropPathway(upTo count: Int) throws {
        let folder = Path(Self.sources) / "fixtures" / "one-patient" / "csv"
        let names = try Files.list(folder).map(\.name).sorted { $0.lexicographicallyPrecedes($1) }
        for name in names.prefix(count) {
            let bytes = try ByteFile(folder / name).readAll(cap: 1 << 20)
            try Files.writeNew(workspace.inbox / name, bytes, sync: false)
        }
    }

    /// Writes a file beside the workspace's folders; the answer is its path.
    @discardableResult
    func write(_ name: String, _ text: String) throws -> Path {
        let path = workspace.root / name
        try Files.writeNew(path, Array(text.utf8), sync: false)
        return path
    }

    func drop(_ text: String, as name: String) throws { try write("inbox/\(name)", text) }

    @discardableResult
    func run(now: Instant = CommandBench.now) throws -> RunSummary {
        let options = RunOptions(now: now, incompleteAfter: .zero)
        return try Processor(workspace: workspace, options: options).runOnce()
    }

    func inquiry(now: Instant = CommandBench.now) throws -> Inquiry { try Inquiry(workspace: workspace, now: now) }

    func check(_ files: Path..., source: SourceName? = nil) throws -> CheckReply {
        try Checking(inquiry(), source: source).check(files)
    }
}

/// Files as a clerk might drop them.
enum Sheets {
    static let registration = """
        reference,given_name,family_name,birth_date,sex,email,phone,registered_at
        REG-1,Ada,Brook,1986-04-02,F,ada.brook@example.org,+442079460001,2026-10-01T09:00:00Z

        """
    static let consultation = """
        reference,action,consultation,registration,surgeon,starts_at,minutes,kind,occurred_at
        CON-1,SCHEDULE,K-1,REG-1,SUR-LINDQVIST,2026-10-05T09:00:00Z,45,FIRST,2026-10-01T10:00:00Z

        """
    /// An approval of a plan that nobody has drafted.
    static let approval = """
        reference,action,plan,surgeon,occurred_at
        PLN-2,APPROVE,P-1,SUR-LINDQVIST,2026-10-06T09:00:00Z

        """
    static let badValues = """
        reference,given_name,family_name,birth_date,sex,phone
        REG-7,Ann,Lee,02.04.1986,F,+442079460002
        REG-8,Ben,Lee,1986-04-03,M,+442079460003

        """
}
