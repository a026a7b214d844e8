import Clinic
import Foundation
import Testing

@testable import Processor

@Suite("What clinic.yml says of the network")
struct ListenSettingsTests {
    private static let fingerprint = String(repeating: "0a", count: 32)

    @Test("the example clinic takes the hospital's messages on port 2575, from its own machine")
    func example() throws {
        let listening = try #require(try ClinicConfiguration.load(from: ClinicCopy.example).listening)
        #expect(
            listening.ports == [
                ListenSettings.Port(number: 2575, host: "127.0.0.1", source: SourceName("his"), isSecure: false)
            ])
        #expect(listening.answerWithinSeconds == 30)
        #expect(listening.certificate == nil)
    }

    @Test("TLS, senders' certificates and limits are read")
    func whole() throws {
        let copy = try ClinicCopy()
        try copy.replace(
            "clinic.yml", "  answer_within_seconds: 30",
            by: """
                    - {port: 2576, host: 0.0.0.0, tls: true}
                    - {port: 2577, source: front-desk}
                  certificate: var/keys/listen.pem
                  key: /etc/suture/listen.key
                  client_ca: var/keys/senders.pem
                  clients:
                    - {sha256: "\(Self.fingerprint.uppercased())", source: laboratory}
                  answer_within_seconds: 45
                  silence_seconds: 20
                  max_connections: 10
                """)
        let listening = try #require(try copy.load().listening)
        #expect(listening.ports.map(\.number) == [2575, 2576, 2577])
        #expect(listening.ports[1] == .init(number: 2576, host: "0.0.0.0", source: nil, isSecure: true))
        #expect(listening.clients == [.init(fingerprint: Self.fingerprint, source: SourceName("laboratory"))])
        #expect(listening.key == "/etc/suture/listen.key")
        #expect(listening.answerWithinSeconds == 45)
        #expect(listening.silenceSeconds == 20)
        #expect(listening.maximumConnections == 10)
    }

    @Test("without the section nothing is listened to")
    func none() throws {
        let copy = try ClinicCopy()
        let text = try copy.text("clinic.yml")
        let section = try #require(text.range(of: "\nlisten:\n"))
        try copy.write("clinic.yml", String(text[..<section.lowerBound]) + "\n")
        #expect(try copy.load().listening == nil)
    }

    @Test("a fingerprint is taken as openssl prints it")
    func colons() {
        let printed = Self.fingerprint.uppercased().enumerated()
            .map { $0.offset > 0 && $0.offset.isMultiple(of: 2) ? ":\($0.element)" : "\($0.element)" }.joined()
        #expect(ValueKind.fingerprint.read(printed) == Self.fingerprint)
        #expect(ValueKind.fingerprint.read("0a") == nil)
        #expect(ValueKind.fingerprint.read(String(repeating: "0g", count: 32)) == nil)
    }

    @Test(
        "each fault is reported alone, with its line",
        arguments: [
            Breakage("clinic.yml", "    - port: 2575", "    - port: 70000", says: "a whole number from 1 to 65535"),
            Breakage(
                "clinic.yml", "    - port: 2575\n      source: his", "    - port: 2575\n      source: hiss",
                at: "source: hiss", says: "names source `hiss`, which is not in clinic.yml"),
            Breakage(
                "clinic.yml", "    - port: 2575\n      source: his", "    - port: 2575", at: "    - port: 2575",
                says: "a port lacks `source`"),
            Breakage(
                "clinic.yml", "      source: his\n    #", "      source: his\n      tls: true\n    #",
                at: "tls: true\n",
                says: "TLS needs the clinic's `certificate`"),
            Breakage(
                "clinic.yml", "    # - {port: 2576, host: 0.0.0.0", "    - {port: 2575, source: his} # ",
                says: "is listed twice"),
            Breakage("clinic.yml", "  # certificate: var", "  certificate: var", says: "go together"),
            Breakage("clinic.yml", "  # client_ca: var", "  client_ca: var", says: "only over TLS"),
            Breakage(
                "clinic.yml", "  # clients:\n", "  clients: [{sha256: \(fingerprint), source: his}]\n",
                says: "name the `client_ca`"),
            Breakage(
                "clinic.yml", "answer_within_seconds: 30\n", "answer_within: 30\n", says: "no key `answer_within`"),
        ])
    func fault(_ breakage: Breakage) throws {
        let copy = try ClinicCopy()
        try copy.replace(breakage.file, breakage.text, by: breakage.replacement)
        let faults = copy.faults()
        #expect(faults.count == 1, "\(faults)")
        #expect(faults.first?.contains(breakage.message) ?? false, "\(faults)")
    }
}
