package import HL7

/// Makes the answers that the listener gives by itself.
package struct AnswerWriter: Sendable {
    /// The time now, as MSH-7 says it.
    private let now: @Sendable () -> DateTime
    private let names: DropNames

    package init(names: DropNames, now: @escaping @Sendable () -> DateTime) {
        self.names = names
        self.now = now
    }

    /// An answer about a drop, whose name is its own control id.
    func answer(_ code: Acknowledgment.Code, to subject: AcknowledgedHeader, named drop: DropName) -> [UInt8] {
        Block.framing(Acknowledgment(code, to: subject, controlID: drop.controlID, at: now()).bytes)
    }

    /// An answer about a message that never becomes a drop.
    func refusal(_ code: Acknowledgment.Code, to subject: AcknowledgedHeader, because refusal: Refusal) -> [UInt8] {
        Block.framing(
            Acknowledgment(
                code, to: subject, findings: [refusal.finding], controlID: names.next().controlID, at: now()
            ).bytes)
    }
}

/// What an acknowledgment says, as far as it decides to whom and whether it is sent.
struct AnswerReading {
    /// MSA-2 as it stands.
    private let controlID: [UInt8]
    /// MSA-1 is AA or CA.
    let isSuccess: Bool

    /// Nil when it is no acknowledgment.
    init?(_ bytes: [UInt8]) {
        do throws(MalformedMessage) {
            guard let segment = try Message(bytes)["MSA"] else { return nil }
            controlID = Array(segment.field(2).bytes)
            isSuccess = ["AA", "CA"].contains(segment.field(1).raw)
        } catch {
            return nil
        }
    }

    /// Whether the answer is to the message of this MSH-10, which may be written in another character set.
    func names(_ other: [UInt8]) -> Bool {
        controlID == other || other.contains { $0 >= 0x80 }
    }
}
