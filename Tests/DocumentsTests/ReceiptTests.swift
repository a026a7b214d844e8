import Clinic
import ClinicTesting
import Documents
import Testing

@Suite("Receipts")
struct ReceiptTests {
    private func payment(_ amount: Int64, receipt: Int64? = 1) -> Payment {
        var payment = Payment(
            source: "front-desk", reference: "PAY-1", type: .payment, mrn: Scene.mrn, amount: Money(minorUnits: amount),
            currency: "GBP", method: "CARD", payer: .patient, paidAt: .at("2026-11-23T17:30:00Z"))
        payment.receipt = receipt.map { ReceiptNumber(sequence: $0) }
        return payment
    }

    @Test("a payment is set against the oldest bill first, and the rest is credit")
    func allocated() throws {
        let scene = Scene()
        var later = Scene.bill(1, lines: [Scene.line(1, "One", price: 10_000)])
        later.dueOn = .on("2026-12-24")
        scene.state.put(later)
        scene.state.put(Scene.bill(2, lines: [Scene.line(1, "Two", price: 20_000)]))
        let documents = try scene.documents("payment.received", [payment(40_000)])
        let receipt = try #require(documents.first { $0.folder == "receipts" })
        #expect(receipt.name == "R-000001.txt")
        let lines = try receipt.lines()
        let second = try #require(lines.firstIndex { $0.hasPrefix("B-000002") && $0.hasSuffix(" 0.00") })
        let first = try #require(lines.firstIndex { $0.hasPrefix("B-000001") })
        #expect(second < first)
        #expect(lines[second].contains(" 240.00 "))
        #expect(lines.contains { $0.hasPrefix("Credit on your account") && $0.hasSuffix(" 40.00") })
        #expect(lines.contains { $0.hasPrefix("Still open on all bills") && $0.hasSuffix(" 0.00") })
    }

    @Test("a payment for one bill leaves the others open")
    func named() throws {
        let scene = Scene()
        scene.state.put(Scene.bill(1, lines: [Scene.line(1, "One", price: 10_000)]))
        scene.state.put(Scene.bill(2, lines: [Scene.line(1, "Two", price: 20_000)]))
        var payment = payment(6_000)
        payment.bill = BillNumber(sequence: 2)
        let lines = try #require(
            try scene.documents("payment.received", [payment]).first { $0.folder == "receipts" }
        ).lines()
        #expect(lines.contains { $0.hasPrefix("B-000002") && $0.hasSuffix(" 180.00") })
        #expect(!lines.contains { $0.hasPrefix("B-000001") })
        #expect(lines.contains { $0.hasPrefix("Still open on all bills") && $0.hasSuffix(" 300.00") })
    }

    @Test("a deposit is kept for its plan")
    func deposit() throws {
        var payment = payment(50_000)
        payment.plan = PlanID("P-1")
        payment.state = .unallocated
        let lines = try #require(
            try Scene().documents("payment.received", [payment]).first { $0.folder == "receipts" }
        ).lines()
        #expect(lines.contains("No bill yet."))
        #expect(lines.contains { $0.hasPrefix("Deposit, kept for plan P-1") && $0.hasSuffix(" 500.00") })
    }

    @Test("a refund has a receipt of its own; an allocation or a reversal has none")
    func refund() throws {
        let scene = Scene()
        var original = payment(50_000)
        original.reference = "PAY-0"
        scene.state.put(original)
        var refund = payment(2_000, receipt: 2)
        refund.type = .refund
        refund.state = .refunded
        refund.original = original.id
        let receipt = try #require(
            try scene.documents("payment.refunded", [refund, original]).first { $0.folder == "receipts" })
        #expect(receipt.name == "R-000002.txt")
        #expect(try receipt.text().contains("Refund of       receipt R-000001\n"))
        #expect(try scene.documents("payment.allocated", [original]).isEmpty)
        #expect(try scene.documents("payment.reversed", [payment(1, receipt: nil)]).isEmpty)
    }
}
