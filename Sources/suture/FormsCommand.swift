import ArgumentParser
import Clinic
import Processor

/// Lists the forms, and prints them as empty sheets.
struct FormsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forms", abstract: "List the forms that can be dropped, or print one.",
        discussion: """
            With the name of a form its fields are printed: which action needs which, and what is expected. \
            --csv and --xml print it as an empty sheet to be filled in, --xsd the XML schema (of all forms where no \
            name is given), --hl7 which fields of an HL7 v2 message it is read from.
            """)

    enum Sheet: String, EnumerableFlag {
        case csv, xml, xsd, hl7

        static func help(for value: Sheet) -> ArgumentHelp? {
            switch value {
            case .csv: "Print the header row of a CSV file."
            case .xml: "Print an empty XML document."
            case .xsd: "Print the XML schema."
            case .hl7: "Print where in an HL7 v2 message each field is read from."
            }
        }
    }

    @Argument(help: ArgumentHelp("The form; all are listed where none is named.", valueName: "name"))
    var name: String?

    @Flag(exclusivity: .exclusive)
    var sheet: Sheet?

    @OptionGroup(visibility: .hidden) var workspace: WorkspaceOptions

    @Option(name: .long, help: "Print text or json.")
    var format = OutputFormat.text

    func validate() throws {
        if name == nil, let sheet, sheet != .xsd {
            throw ValidationError("--\(sheet.rawValue) needs the name of a form")
        }
        if let name, FormSheet(FormName(name)) == nil {
            throw ValidationError("no form is called \(name); the forms are \(FormsCommand.names)")
        }
    }

    private static var names: String { FormSheet.names.map(\.rawValue).joined(separator: ", ") }

    func run() throws {
        try ExitStatus.reporting {
            guard let name, let form = FormSheet(FormName(name)) else {
                if sheet == .xsd { return print(FormSheet.xsd, terminator: "") }
                return try show(FormListing())
            }
            switch sheet {
            case nil: try show(FormListing(form))
            case .csv: print(form.csv, terminator: "")
            case .xml: print(form.xml, terminator: "")
            case .xsd: print(form.xsd, terminator: "")
            case .hl7: try show(FormMapping(form))
            }
        }
    }

    private func show(_ reply: some Reply) throws { print(format == .json ? try reply.json() : reply.text) }
}
