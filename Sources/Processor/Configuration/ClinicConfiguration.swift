package import Clinic
import Foundation

/// What the folder `clinic/` says: the clinic's catalog and policy, and who may drop what into the inbox.
package struct ClinicConfiguration: Sendable {
    /// One file of the folder, as it was read.
    package struct File: Hashable, Sendable {
        /// Relative to the folder: `consents/facelift.md`.
        package var name: String
        package var bytes: [UInt8]
    }

    package var catalog: Catalog
    /// The jurisdiction whose numbers the policy begins with.
    package var profile: Profile?
    /// The policy key by key, with where each comes from.
    package var settings: [PolicySetting]
    /// The folders of the inbox; `front-desk`, for files right in `inbox/`, is always one of them.
    package var sources: [SourceSettings]
    /// How messages are taken from the network; nil where `clinic.yml` says nothing of it.
    package var listening: ListenSettings?
    /// Every file that was read, sorted by the bytes of its name.
    package var files: [File]

    package func source(_ name: SourceName) -> SourceSettings? { sources.first { $0.name == name } }

    /// All files as one run of bytes to be hashed: each name and content behind its length.
    package var canonicalBytes: [UInt8] {
        files.flatMap { file in
            Array("\(file.name.utf8.count):\(file.name):\(file.bytes.count):".utf8) + file.bytes
        }
    }

    /// Reads a folder; all that is wrong in all of its files is reported together.
    package static func load(from folder: String) throws(ConfigurationFaults) -> ClinicConfiguration {
        var reading = ClinicReading(folder: folder)
        return try reading.configuration()
    }
}

/// One reading of the folder, file by file.
private struct ClinicReading {
    private let folder: URL
    private let inspection = Inspection()
    private var files: [ClinicConfiguration.File] = []

    init(folder: String) {
        self.folder = URL(fileURLWithPath: folder, isDirectory: true)
    }

    mutating func configuration() throws(ConfigurationFaults) -> ClinicConfiguration {
        let clinic = settings("clinic.yml", ClinicFile.keys, declares: [.equipment])
            .map { ClinicFile(reading: $0) }
        let currency = clinic?.currency ?? .unstated
        let items = self.items(currency)
        let procedures = settings("procedures.yml", ProceduresFile.keys, declares: [.procedure, .requirement])
            .map { ProceduresFile(reading: $0, currency: currency) }
        let staff = settings("staff.yml", StaffFile.keys, declares: [.staff]).map { StaffFile(reading: $0) }
        let payers = settings("payers.yml", PayersFile.keys, declares: [.payer])
            .map { PayersFile(reading: $0, currency: currency) }
        let templates = consents()
        inspection.checkReferences()
        for (specialty, section) in clinic?.specialtySessions ?? [] {
            guard let members = staff?.members, !members.contains(where: { $0.specialty == specialty }) else {
                continue
            }
            section.report(
                "\(section.title) is kept for `\(specialty)`, which nobody of staff.yml has", at: "specialty")
        }

        guard let clinic, let identity = clinic.identity, inspection.faults.isEmpty else {
            throw ConfigurationFaults(inspection.faults)
        }
        var catalog = Catalog(
            clinic: identity, policy: clinic.policy, procedures: procedures?.procedures ?? [], items: items,
            requirements: procedures?.requirements ?? [], staff: staff?.members ?? [], theaters: clinic.theaters,
            equipment: clinic.equipment, payers: payers?.payers ?? [], templates: templates)
        catalog.builtInEquipment = Dictionary(clinic.builtInEquipment.map { ($0.id, $0) }) { first, _ in first }
        files.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        return ClinicConfiguration(
            catalog: catalog, profile: clinic.profile, settings: clinic.settings, sources: clinic.sources,
            listening: clinic.listening, files: files)
    }

    /// The file's bytes, kept for the hash; a fault when it cannot be read.
    private mutating func bytes(_ name: String) -> [UInt8]? {
        do {
            let bytes = [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
            files.append(ClinicConfiguration.File(name: name, bytes: bytes))
            return bytes
        } catch {
            inspection.report(
                "the file cannot be read: \(Self.reason(error)); `suture init` makes an example", at: place(name))
            return nil
        }
    }

    /// What the system says, in words that do not depend on the locale.
    private static func reason(_ error: any Error) -> String {
        let code = (error as? CocoaError)?.code
        return switch code {
        case .fileReadNoSuchFile, .fileNoSuchFile: "there is no such file"
        case .fileReadNoPermission: "it may not be read by this user"
        default: "\(error)"
        }
    }

    private func place(_ name: String) -> FilePlace {
        FilePlace(file: "\(folder.lastPathComponent)/\(name)", line: 1)
    }

    /// The text of a file, if it is UTF-8.
    private mutating func text(_ name: String) -> String? {
        guard let bytes = bytes(name) else { return nil }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            inspection.report("the file is not UTF-8; save it as UTF-8", at: place(name))
            return nil
        }
        return text
    }

    /// The whole of a YAML file as one section.
    private mutating func settings(_ name: String, _ keys: [String], declares: [CodeKind]) -> Section? {
        let file = SettingsFile(name: place(name).file, inspection: inspection)
        guard let text = text(name), let node = file.compose(text),
            let section = Section(node, title: "the file", keys: keys, in: file)
        else {
            // What such a file declares is unknown, not missing: references to it are no faults of their own.
            for kind in declares { inspection.suspend(kind) }
            return nil
        }
        return section
    }

    private mutating func items(_ currency: Currency) -> [Item] {
        guard let bytes = bytes("items.csv") else {
            inspection.suspend(.item)
            return []
        }
        return ItemsFile(reading: bytes, named: place("items.csv").file, currency: currency, inspection).items
    }

    /// The consent templates, in the order of their files' names.
    private mutating func consents() -> [ConsentTemplate] {
        let directory = "consents"
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent(directory).path)
                .filter { $0.hasSuffix(".md") && !$0.hasPrefix(".") }
                .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        } catch {
            inspection.report("the folder cannot be read: \(Self.reason(error))", at: place(directory))
            return []
        }
        let read = names.compactMap { name in
            let path = "\(directory)/\(name)"
            return text(path).map { ConsentFile(reading: $0, named: place(path).file, inspection) }
        }
        ConsentFile.checkVersions(of: read, inspection)
        return read.compactMap(\.template)
    }
}
