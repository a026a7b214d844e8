import HL7
import Testing

@testable import Listener

@Suite("What is said over a connection")
struct ConversationTests {
    // MARK: - Modes

    @Test("in original mode the answer comes when the message is decided, and nothing is read before")
    func original() throws {
        var exchange = try Exchange()
        exchange.receive(Sample.block(Sample.message("M1")) + Sample.block(Sample.message("M2")))
        #expect(exchange.stored.map(\.bytes) == [Sample.message("M1")])
        #expect(exchange.told.isEmpty)
        #expect(!exchange.conversation.wantsMore)
        exchange.decide(0)
        #expect(exchange.told == [Told("AA", "M1")])
        #expect(exchange.stored.map(\.bytes) == [Sample.message("M1"), Sample.message("M2")])
        exchange.decide(1, .error)
        #expect(exchange.told == [Told("AA", "M1"), Told("AE", "M2")])
        #expect(exchange.conversation.wantsMore)
    }

    @Test("in enhanced mode the commit acknowledgment comes at once, the application's when it is decided")
    func enhanced() throws {
        var exchange = try Exchange()
        for id in ["M1", "M2", "M3"] {
            exchange.receive(Sample.block(Sample.message(id, accept: "AL", application: "AL")))
        }
        #expect(exchange.told == [Told("CA", "M1"), Told("CA", "M2"), Told("CA", "M3")])
        exchange.decide(2)
        exchange.decide(0, .reject)
        exchange.decide(1)
        #expect(exchange.told.suffix(3) == [Told("AA", "M3"), Told("AR", "M1"), Told("AA", "M2")])
        exchange.decide(1)
        #expect(exchange.told.count == 6, "an answer is given once")
    }

    @Test(
        "MSH-15 and MSH-16 say which answers are wanted",
        arguments: [
            // accept, application, answers when it is accepted, when it is an error, when it is not stored
            ("", "", ["AA"], ["AE"], ["AR"]),
            ("\"\"", "\"\"", ["AA"], ["AE"], ["AR"]),
            ("AL", "", ["CA"], ["CA"], ["CR"]),
            ("AL", "NE", ["CA"], ["CA"], ["CR"]),
            ("AL", "AL", ["CA", "AA"], ["CA", "AE"], ["CR"]),
            ("al", "er", ["CA"], ["CA", "AE"], ["CR"]),
            ("NE", "AL", ["AA"], ["AE"], ["AR"]),
            ("", "AL", ["AA"], ["AE"], ["AR"]),
            ("ER", "NE", [], [], ["CR"]),
            ("SU", "NE", ["CA"], ["CA"], []),
            ("SU", "SU", ["CA", "AA"], ["CA"], []),
            ("ER", "ER", [], ["AE"], ["CR"]),
            ("NE", "NE", [], [], []),
            ("XX", "NE", ["CA"], ["CA"], ["CR"]),
        ])
    func wishes(accept: String, application: String, good: [String], bad: [String], unstored: [String]) throws {
        let block = Sample.block(Sample.message("M1", accept: accept, application: application))
        for (code, expected) in [(Acknowledgment.Code.accept, good), (.error, bad)] {
            var exchange = try Exchange()
            exchange.receive(block)
            exchange.decide(0, code)
            #expect(exchange.told.map(\.code) == expected)
            #expect(exchange.told.allSatisfy { $0.controlID == "M1" })
            #expect(exchange.conversation.wantsMore)
        }
        var failing = try Exchange()
        failing.refusals = [.notStored("No space left on device")]
        failing.receive(block)
        #expect(failing.told.map(\.code) == unstored)
        #expect(failing.stored.isEmpty)
    }

    @Test("an acknowledgment of our own answer is neither a drop nor answered")
    func acknowledgment() throws {
        var exchange = try Exchange()
        exchange.receive(Sample.block(Array("MSH|^~\\&|HIS||SUTURE||20261102||ACK|7|P|2.5.1\rMSA|CA|A1\r".utf8)))
        #expect(exchange.stored.isEmpty)
        #expect(exchange.told.isEmpty)
        #expect(exchange.conversation.wantsMore)
    }

    @Test("a batch is answered as one, when it is decided")
    func batch() throws {
        var exchange = try Exchange()
        let batch = Array("BHS|^~\\&|HIS\r".utf8) + Sample.message("M1") + Sample.message("M2") + Array("BTS|2\r".utf8)
        exchange.receive(Sample.block(batch))
        #expect(exchange.stored.map(\.bytes) == [batch])
        let answer = Array("BHS|^~\\&|SUTURE\r".utf8) + Sample.answer(.accept, to: Sample.message("M1"))
        let actions = exchange.conversation.decided(exchange.stored[0].name, answer)
        #expect(actions == [.send(Sample.block(answer))])
    }

    // MARK: - However it comes

    @Test("however the network cuts a stream up, the same is stored and answered")
    func everySplit() throws {
        let stream =
            Array("noise".utf8) + Sample.block(Sample.message("M1", accept: "AL", application: "NE"))
            + [0x0B] + Sample.message("CUT").prefix(40) + Sample.block(Sample.message("M2"))
            + Sample.block(Array("no message".utf8))
            + Sample.block(Sample.message("M3", accept: "AL", application: "NE"))
        func run(_ pieces: [ArraySlice<UInt8>]) throws -> ([Told], [[UInt8]]) {
            var exchange = try Exchange()
            for piece in pieces {
                exchange.receive(Array(piece))
                if exchange.stored.count == 2, exchange.conversation.awaited.count == 1 { exchange.decide(1) }
            }
            return (exchange.told, exchange.stored.map(\.bytes))
        }
        let whole = try run([stream[...]])
        #expect(whole.0 == [Told("CA", "M1"), Told("AA", "M2"), Told("AR", "", "mllp.not-hl7"), Told("CA", "M3")])
        #expect(whole.1.count == 3)
        for cut in stream.indices {
            let split = try run([stream[..<cut], stream[cut...]])
            #expect(split.0 == whole.0, "cut at \(cut)")
            #expect(split.1 == whole.1, "cut at \(cut)")
        }
        let bytes = try run(stream.indices.map { stream[$0...$0] })
        #expect(bytes.0 == whole.0)
        #expect(bytes.1 == whole.1)
    }

    @Test("a message that is cut off at any byte is never stored, and never answered")
    func cutAnywhere() throws {
        let block = Sample.block(Sample.message("M1", accept: "AL", application: "AL"))
        for length in 0..<block.count {
            var exchange = try Exchange()
            exchange.receive(Array(block.prefix(length)))
            exchange.perform(exchange.conversation.peerFinished())
            #expect(exchange.stored.isEmpty, "\(length) bytes")
            #expect(exchange.told.isEmpty, "\(length) bytes")
            #expect(exchange.closed != nil, "\(length) bytes")
        }
    }

    @Test("a message of many pieces goes to the disk piece by piece, and nothing is read meanwhile")
    func large() throws {
        var exchange = try Exchange(limit: 4 << 20)
        exchange.isDiskSlow = true
        let message = Sample.message("BIG", accept: "AL", note: String(repeating: "x", count: 1 << 20))
        var rest = Sample.block(message)[...]
        var waits = 0
        while !rest.isEmpty {
            guard exchange.conversation.wantsMore else {
                waits += 1
                exchange.disk()
                continue
            }
            exchange.receive(Array(rest.prefix(10_000)))
            rest = rest.dropFirst(10_000)
        }
        while exchange.stored.isEmpty, waits < 1000 {
            waits += 1
            exchange.disk()
        }
        #expect(waits >= 15)
        let isWhole = exchange.stored.map(\.bytes) == [message]
        #expect(isWhole)
        #expect(exchange.told == [Told("CA", "BIG")])
    }

    // MARK: - Refusals

    @Test(
        "what is not taken is refused with the reason, and the next message is taken",
        arguments: [
            ("hello", "AR", "", "mllp.not-hl7"), ("", "AR", "", "mllp.not-hl7"),
            ("MSH|^|A\r", "AR", "", "mllp.not-hl7"),
            ("MSH|^~\\&|A||B||2026||ADT^A04|C1|P|2.5.1|||AL|NE\u{1C}\rPID|1\r", "CR", "C1", "mllp.control-byte"),
            (
                "MSH|^~\\&|A||B||2026||ADT^A04|C1|P|2.5.1\rMSH|^~\\&|A||B||2026||ADT^A04|C2|P|2.5.1\r", "AR", "C1",
                "mllp.several-messages"
            ),
        ])
    func refused(text: String, code: String, controlID: String, rule: String) throws {
        var exchange = try Exchange()
        let text = text.replacing("\u{1C}\r", with: "\u{1C} \r")
        exchange.receive(Sample.block(Array(text.utf8)))
        exchange.receive(Sample.block(Sample.message("NEXT", accept: "AL", application: "NE")))
        #expect(exchange.told == [Told(code, controlID, rule), Told("CA", "NEXT")])
        #expect(exchange.stored.map(\.bytes) == [Sample.message("NEXT", accept: "AL", application: "NE")])
    }

    @Test("a message over its source's size is passed over and refused by its own name")
    func tooLarge() throws {
        var exchange = try Exchange(limit: 1000)
        let large = Sample.message("L1", accept: "AL", note: String(repeating: "x", count: 300_000))
        for byte in Sample.block(large).chunked(4096) { exchange.receive(byte) }
        #expect(exchange.told == [Told("CR", "L1", "mllp.too-large")])
        #expect(exchange.stored.isEmpty)
        exchange.receive(Sample.block(Sample.message("L2", accept: "AL")))
        #expect(exchange.told.last == Told("CA", "L2"))
    }

    @Test("the message of a sender without a source is refused")
    func noSource() throws {
        var exchange = try Exchange(source: nil)
        exchange.receive(Sample.block(Sample.message("M1", accept: "AL")))
        #expect(exchange.told == [Told("CR", "M1", "mllp.no-source")])
    }

    @Test("a disk that fails in the middle of a message refuses it at its end, and takes the next")
    func diskFails() throws {
        var exchange = try Exchange(limit: 4 << 20)
        exchange.refusals = [.notStored("No space left on device")]
        let message = Sample.message("BIG", accept: "AL", note: String(repeating: "x", count: 200_000))
        for piece in Sample.block(message).chunked(5000) { exchange.receive(piece) }
        exchange.receive(Sample.block(Sample.message("NEXT", accept: "AL")))
        #expect(exchange.told == [Told("CR", "BIG", "mllp.not-stored"), Told("CA", "NEXT")])
        #expect(exchange.stored.count == 1)
    }

    // MARK: - Time, ends, stops

    @Test("an answer that names another message is not sent, and the connection ends")
    func wrongAnswer() throws {
        var exchange = try Exchange()
        exchange.receive(Sample.block(Sample.message("M1")))
        let other = Sample.answer(.accept, to: Sample.message("M2"))
        exchange.perform(exchange.conversation.decided(exchange.stored[0].name, other))
        #expect(exchange.told.isEmpty)
        #expect(exchange.closed != nil)
    }

    @Test("a message that is not decided in time ends the connection without an answer; a late one is not sent")
    func overdue() throws {
        var exchange = try Exchange()
        exchange.receive(Sample.block(Sample.message("M1")))
        exchange.perform(exchange.conversation.isOverdue(exchange.stored[0].name))
        #expect(exchange.closed?.contains("not decided in time") ?? false)
        exchange.decide(0)
        #expect(exchange.told.isEmpty)
    }

    @Test("a time limit that passes after the answer does nothing")
    func lateLimit() throws {
        var exchange = try Exchange()
        exchange.receive(Sample.block(Sample.message("M1")))
        exchange.decide(0)
        exchange.receive(Sample.block(Sample.message("M2")))
        exchange.perform(exchange.conversation.isOverdue(exchange.stored[0].name))
        #expect(exchange.closed == nil)
        exchange.decide(1)
        #expect(exchange.told == [Told("AA", "M1"), Told("AA", "M2")])
    }

    @Test("silence counts only in the middle of a message, or where no message has ever begun")
    func silence() throws {
        var exchange = try Exchange()
        #expect(!exchange.conversation.isOwedBytes)
        exchange.receive(Array(Sample.block(Sample.message("M1")).prefix(30)))
        #expect(exchange.conversation.isOwedBytes)
        exchange.receive(Array(Sample.block(Sample.message("M1")).dropFirst(30)))
        #expect(!exchange.conversation.isOwedBytes, "we owe the answer")
        exchange.decide(0)
        #expect(!exchange.conversation.isOwedBytes, "a connection may be idle between messages")
        exchange.receive(Array("MSH|without a start byte\r".utf8))
        #expect(exchange.conversation.isOwedBytes)
        exchange.perform(exchange.conversation.fellSilent())
        #expect(exchange.closed?.contains("0x0B") ?? false)
    }

    @Test("bytes that never become a block end the connection")
    func noise() throws {
        var exchange = try Exchange()
        let noise = [UInt8](repeating: 0x41, count: 5000)
        for _ in 0..<20 where exchange.closed == nil { exchange.receive(noise) }
        #expect(exchange.closed?.contains("0x0B") ?? false)
        #expect(exchange.notes.count == 1, "and are noted once")
    }

    @Test("a peer that has sent its last message still gets its answers")
    func halfClosed() throws {
        var exchange = try Exchange()
        exchange.receive(Sample.block(Sample.message("M1")))
        exchange.perform(exchange.conversation.peerFinished())
        #expect(exchange.closed == nil)
        exchange.decide(0)
        #expect(exchange.told == [Told("AA", "M1")])
        #expect(exchange.closed == "")
    }

    @Test("told to stop, an idle connection ends; one whose message is at work answers it first")
    func stop() throws {
        var idle = try Exchange()
        idle.perform(idle.conversation.stop())
        #expect(idle.closed == "")

        var busy = try Exchange()
        busy.isDiskSlow = true
        busy.receive(Sample.block(Sample.message("M1", accept: "AL", application: "NE")))
        busy.perform(busy.conversation.stop())
        #expect(busy.closed == nil)
        busy.disk()
        #expect(busy.told == [Told("CA", "M1")])
        #expect(busy.closed == "")

        var original = try Exchange()
        original.receive(Sample.block(Sample.message("M1")) + Sample.block(Sample.message("M2")))
        original.perform(original.conversation.stop())
        #expect(original.closed == nil)
        original.decide(0)
        #expect(original.told == [Told("AA", "M1")])
        #expect(original.stored.count == 1, "the next message is not begun")
        #expect(original.closed == "")

        var half = try Exchange()
        half.receive(Array(Sample.block(Sample.message("M1")).prefix(50)))
        half.perform(half.conversation.stop())
        #expect(half.stored.isEmpty)
        #expect(half.closed?.contains("not taken") ?? false)
    }

    @Test("answers that are outstanding in enhanced mode are bounded: then nothing more is read until one is given")
    func outstanding() throws {
        var exchange = try Exchange()
        for number in 0...Conversation.mostPending {
            exchange.receive(Sample.block(Sample.message("M\(number)", accept: "AL", application: "AL")))
        }
        #expect(exchange.told.count == Conversation.mostPending)
        #expect(!exchange.conversation.wantsMore)
        exchange.decide(5)
        #expect(exchange.told.suffix(2) == [Told("AA", "M5"), Told("CA", "M\(Conversation.mostPending)")])
    }
}

extension [UInt8] {
    fileprivate func chunked(_ size: Int) -> [[UInt8]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
