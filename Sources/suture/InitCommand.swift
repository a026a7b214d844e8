import ArgumentParser
import Clinic
import DurableFiles
import Glibc
import Processor

/// Makes a workspace.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make a workspace with the example clinic.",
        discussion: "The folder must be new or empty. Change the files in its clinic/ to make it your clinic.")

    @Argument(help: ArgumentHelp("The folder to make.", valueName: "dir"))
    var folder: String

    func run() throws {
        try ExitStatus.reporting {
            let workspace = Workspace(root: folder)
            try workspace.make(fromExample: ExampleClinic.find())
            let configuration = try ClinicConfiguration.load(from: workspace.clinicFolder)
            try workspace.makeInboxes(configuration.sources)
            print(
                """
                \(folder) is a workspace of \(configuration.catalog.clinic.name).
                Drop files into \(folder)/inbox/ or one of its folders, then:
                  suture run --workspace \(folder) --once
                """)
        }
    }
}

/// Where the example clinic lies: beside the installed program, or in the source tree it was built in.
enum ExampleClinic {
    static func find() throws -> Path {
        var candidates: [Path] = []
        if let named = getenv("SUTURE_EXAMPLE_CLINIC") { candidates.append(Path(String(cString: named))) }
        if let program = program() {
            candidates.append(program.parent.parent / "share" / "suture" / "clinic")
            var folder = program.parent
            for _ in 0..<6 {
                candidates.append(folder / "fixtures" / "clinic")
                folder = folder.parent
            }
        }
        candidates.append(Path("fixtures") / "clinic")
        for candidate in candidates where try Files.exists(candidate / "clinic.yml") { return candidate }
        throw WorkspaceFault(
            path: Path("share/suture/clinic"),
            reason: "the example clinic is not installed; name it by SUTURE_EXAMPLE_CLINIC=DIR")
    }

    /// The path of the running program.
    private static func program() -> Path? {
        var buffer = [CChar](repeating: 0, count: 4096)
        let length = readlink("/proc/self/exe", &buffer, buffer.count)
        guard length > 0 else { return nil }
        return Path(buffer.prefix(length).map { UInt8(bitPattern: $0) })
    }
}
