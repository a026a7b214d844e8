package import Clinic

/// `listen:` of `clinic.yml`: which ports `suture listen` takes HL7 messages from, and whose they are.
package struct ListenSettings: Hashable, Sendable {
    /// A port and the source whose messages come there.
    package struct Port: Hashable, Sendable {
        package var number: Int
        package var host: String
        package var source: SourceName?
        package var isSecure: Bool
    }

    /// A sender that is known by its certificate.
    package struct Client: Hashable, Sendable {
        /// SHA-256 of the certificate, in small hexadecimal digits.
        package var fingerprint: String
        package var source: SourceName
    }

    package var ports: [Port] = []
    /// Paths within the workspace, or from the root.
    package var certificate: String?
    package var key: String?
    package var clientAuthority: String?
    package var clients: [Client] = []
    package var answerWithinSeconds = 30
    package var silenceSeconds = 60
    package var maximumConnections = 1000

    /// Only this machine, unless somebody says otherwise.
    package static let usualHost = "127.0.0.1"

    package init() {}
}

extension ListenSettings {
    static let keys = [
        "ports", "certificate", "key", "client_ca", "clients", "answer_within_seconds", "silence_seconds",
        "max_connections",
    ]

    init(reading section: Section) {
        self.init()
        section.set(&certificate, "certificate", .text)
        section.set(&key, "key", .text)
        section.set(&clientAuthority, "client_ca", .text)
        section.set(&answerWithinSeconds, "answer_within_seconds", .number(1...3600))
        section.set(&silenceSeconds, "silence_seconds", .number(1...3600))
        section.set(&maximumConnections, "max_connections", .number(1...100_000))
        if section.has("certificate") != section.has("key") {
            section.report("`certificate` and `key` of \(section.title) go together", at: "certificate")
        }
        if section.has("client_ca") && !section.has("certificate") {
            section.report("senders show certificates only over TLS: name `certificate` and `key`", at: "client_ca")
        }
        for part in section.optionalSections("clients", of: "a client", keys: ["sha256", "source"]) {
            let fingerprint = part.required("sha256", .fingerprint)
            guard let source = Self.source(of: part, isRequired: true), let fingerprint else { continue }
            clients.append(Client(fingerprint: fingerprint, source: source))
        }
        if !clients.isEmpty && !section.has("client_ca") {
            section.report("no sender is asked for its certificate: name the `client_ca`", at: "clients")
        }
        for part in section.optionalSections("ports", of: "a port", keys: ["port", "host", "source", "tls"]) {
            readPort(part, of: section)
        }
    }

    private mutating func readPort(_ part: Section, of section: Section) {
        let number = part.required("port", .number(1...65535))
        let host = part.optional("host", .text) ?? Self.usualHost
        let isSecure = part.optional("tls", .flag) ?? false
        let source = Self.source(of: part, isRequired: !isSecure || clients.isEmpty)
        if isSecure && !section.has("certificate") {
            part.report("TLS needs the clinic's `certificate` and its `key` in `listen`", at: "tls")
        }
        guard let number else { return }
        if ports.contains(where: { $0.number == number && $0.host == host }) {
            part.report("port \(number) of \(host) is listed twice", at: "port")
        }
        ports.append(Port(number: number, host: host, source: source, isSecure: isSecure))
    }

    private static func source(of part: Section, isRequired: Bool) -> SourceName? {
        let name = isRequired ? part.required("source", .folder) : part.optional("source", .folder)
        guard let name else { return nil }
        if SourceName(name) != SourceSettings.frontDesk.name {
            part.inspection.refer(to: .source, name, from: part.title, at: part.place(of: "source"))
        }
        return SourceName(name)
    }
}

extension ValueKind where Value == String {
    /// As `openssl x509 -fingerprint -sha256` prints it, with or without its colons.
    static let fingerprint = ValueKind(expected: "a SHA-256 fingerprint: 64 hexadecimal digits") { text in
        let digits = text.utf8.filter { $0 != UInt8(ascii: ":") }.map { (0x41...0x46).contains($0) ? $0 + 0x20 : $0 }
        let isHexadecimal = digits.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        return digits.count == 64 && isHexadecimal ? String(decoding: digits, as: UTF8.self) : nil
    }
}
