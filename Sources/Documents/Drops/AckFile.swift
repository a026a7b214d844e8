package import Clinic
package import Drops
package import HL7

/// The acknowledgments of an HL7 drop, one for each message, in the envelopes that the file had.
package enum AckFile {
    /// The answer to one message.
    ///
    /// `header` are the bytes of the message's MSH segment, or of its first line where it cannot be read: applied
    /// entries keep no more. `controlID` is the answer's own.
    package static func acknowledgment(
        for entry: ReportedEntry, header: [UInt8], controlID: String, at instant: Instant, zone: ZoneRules
    ) throws -> Acknowledgment {
        Acknowledgment(
            code(of: entry), to: subject(header), findings: findings(of: entry), controlID: controlID,
            at: try time(instant, zone: zone))
    }

    /// An empty batch of answers: `open` for each FHS or BHS, `add` for each message, `close` for each trailer.
    package static func batch(at instant: Instant, zone: ZoneRules) throws -> AcknowledgmentBatch {
        AcknowledgmentBatch(at: try time(instant, zone: zone))
    }

    private static func subject(_ header: [UInt8]) -> AcknowledgedHeader {
        do {
            return AcknowledgedHeader(try Message(header))
        } catch {
            return AcknowledgedHeader(unreadable: header)
        }
    }

    /// AA for what is done or waits, AE for what is wrong with the content, AR for what this receiver does not take.
    private static func code(of entry: ReportedEntry) -> Acknowledgment.Code {
        guard entry.outcome == .rejected else { return .accept }
        return entry.findings.contains(where: isRefusedByKind) ? .reject : .error
    }

    /// Unreadable, or of a type, event, version or processing id that is not for us (table 0357: 200 to 203).
    private static func isRefusedByKind(_ finding: ReportedFinding) -> Bool {
        (200...203).contains(finding.hl7)
            || ["hl7.malformed", "hl7.unsupported-message", "hl7.processing-id", "text.undecodable"]
                .contains(finding.code)
    }

    private static func findings(of entry: ReportedEntry) -> [Acknowledgment.Finding] {
        let severity: Acknowledgment.Severity = entry.outcome == .held ? .information : .error
        return entry.findings.map { finding($0, severity) } + entry.warnings.map { finding($0, .warning) }
    }

    private static func finding(
        _ reported: ReportedFinding, _ severity: Acknowledgment.Severity
    ) -> Acknowledgment.Finding {
        let location = reported.place.errorLocation.map { $0.split(separator: "^", omittingEmptySubsequences: false) }
        let numbers = (location ?? []).dropFirst().map { Int(String($0)) }
        let number = { (index: Int) in index < numbers.count ? numbers[index] : nil }
        let place = location?.first.map { segment in
            HL7.Place(
                segment: String(segment), occurrence: number(0) ?? 1, field: number(1), repetition: number(2),
                component: number(3), subcomponent: number(4))
        }
        return .init(
            at: place, condition: condition(reported.hl7), severity: severity, rule: reported.code,
            text: Example.inHL7("\(reported.detail); \(reported.mend)"))
    }

    private static func condition(_ code: Int) -> ErrorCondition {
        let known: [ErrorCondition] = [
            .segmentSequenceError, .requiredFieldMissing, .dataTypeError, .tableValueNotFound, .unsupportedMessageType,
            .unsupportedEventCode, .unsupportedProcessingID, .unsupportedVersionID, .unknownKeyIdentifier,
            .duplicateKeyIdentifier, .applicationRecordLocked, .applicationInternalError,
        ]
        return known.first { $0.code == String(code) } ?? .applicationInternalError
    }

    /// Our time as HL7 writes it, with the clinic's offset.
    package static func time(_ instant: Instant, zone: ZoneRules) throws -> DateTime {
        let iso = Array(zone.iso(instant).utf8)
        let digits = iso.prefix(19).filter { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
        let offset = iso.dropFirst(19).filter { $0 != UInt8(ascii: ":") }
        return try DateTime((digits + offset)[...])
    }
}
