import Clinic
import Drops
import HL7

/// What a message comes to as an entry of its drop, whatever encoding it came in.
struct MessageEntry {
    private let located: LocatedMessage
    private let rules: ReadingRules

    init(_ located: LocatedMessage, rules: ReadingRules) {
        self.located = located
        self.rules = rules
    }

    func fill(_ entry: inout ReadEntry) {
        entry.place = located.place
        entry.message = identity
        do {
            try located.message.checkText()
            if let finding = trial {
                entry.findings = [finding]
                return
            }
            if isIgnored {
                entry.isIgnored = true
                return
            }
            var reading = MessageReading(located)
            try reading.read()
            entry.findings = reading.findings
            entry.forms = reading.forms
            entry.transactionAmounts = reading.amounts
            entry.isIgnored = reading.hasNoEffect && entry.forms.isEmpty && entry.findings.isEmpty
        } catch let fault as UndecodableText {
            entry.findings = [undecodable(fault)]
        } catch {
            preconditionFailure("reading a message threw what it cannot: \(error)")
        }
    }

    private var identity: MessageIdentity {
        let header = located.message.header
        return MessageIdentity(
            sendingApplication: header.field(3).raw, sendingFacility: header.field(4).raw,
            controlID: located.message.controlID,
            type: located.event.isEmpty ? located.type : "\(located.type)^\(located.event)",
            version: located.message.version.text)
    }

    /// MSH-11 says T (training) or D (debugging): such a message must never reach a patient's record.
    private var trial: LocatedFinding? {
        let part = located.message.header.field(11).component(1)
        guard part.raw == "T" || part.raw == "D" else { return nil }
        let place = located.place(part)
        return LocatedFinding(
            Finding(
                .Drop.hl7Processing, [], "the message says that it is for training or debugging",
                mend: "send it with P in MSH-11 if it is meant"), at: place, places: [place])
    }

    /// The source lists events as `A02` or `ADT^A02`.
    private var isIgnored: Bool {
        rules.ignoredEvents.contains { $0 == located.event || $0 == "\(located.type)^\(located.event)" }
    }

    private func undecodable(_ fault: UndecodableText) -> LocatedFinding {
        var place = fault.place.map { located.place($0) } ?? located.place
        place.byteOffset = located.offset + fault.offset
        return LocatedFinding(
            Finding(
                .Drop.undecodable, [], "bytes that are no text in \(fault.charset)",
                mend: "name the character set in MSH-18, or write the message in the one that it names"),
            at: place, places: [place])
    }
}
