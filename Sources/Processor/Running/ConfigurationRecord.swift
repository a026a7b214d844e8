import Clinic
import Digests
import Records

/// What the ledger keeps of a configuration that was taken into use; the row's own hash of it is in every later row.
private struct ConfigurationRecord: Encodable {
    struct File: Encodable {
        let name: String
        let sha256: String
    }

    let profile: String
    /// The policy in force, key by key.
    let policy: [String: String]
    let files: [File]

    init(_ configuration: ClinicConfiguration) {
        profile = configuration.profile?.rawValue ?? ""
        policy = Dictionary(configuration.settings.map { ($0.key, $0.value) }) { first, _ in first }
        files = configuration.files.map {
            File(name: $0.name, sha256: Hexadecimal.encode(SHA256.digest(of: $0.bytes)))
        }
    }
}

extension Engine {
    private static let lastConfiguration = "configuration"

    /// Before anything is decided under a configuration, the ledger tells that it was taken into use.
    func recordConfiguration() throws {
        try database.write { unit in
            guard try unit.meta(Engine.lastConfiguration) != configurationHash else { return }
            unit.context = context()
            try unit.appendNote(
                kind: "configuration.applied", subject: Key("configuration:\(configurationHash)"), at: now(),
                payload: CanonicalJSON.bytes(of: ConfigurationRecord(configuration)))
            try unit.setMeta(Engine.lastConfiguration, to: configurationHash)
        }
    }
}
