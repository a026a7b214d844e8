import Clinic
import ClinicTesting
import Testing

/// Balances kept by the events alone: what an auditor adds up from the ledger, without looking at bills or payments.
struct LedgerBalance {
    /// By patient, as the events say whose they are.
    private(set) var balances: [MRN: Balance] = [:]
    private(set) var receipts: [ReceiptNumber] = []
    private(set) var bills: [BillNumber] = []
    private var paid: [MRN: Money] = [:]

    init(of events: [Event]) {
        for event in events { take(event) }
        for (mrn, amount) in paid {
            balances[mrn]?.paid = amount
            balances[mrn, default: Balance()].open = (balances[mrn]?.patient ?? .zero) - amount
        }
    }

    private mutating func take(_ event: Event) {
        let payments = event.writes.compactMap { $0 as? Payment }
        switch event.kind {
        case "bill.issued":
            guard let bill = event.written(Bill.self) else { return }
            bills.append(bill.number)
            charge(bill, times: 1)
        case "bill.cancelled":
            if let bill = event.written(Bill.self) { charge(bill, times: -1) }
        case "payment.received":
            guard let payment = payments.first else { return }
            count(payment, \.received, \.insurerReceived, times: 1)
            if let receipt = payment.receipt { receipts.append(receipt) }
        case "payment.refunded", "payment.reversed":
            guard let payment = payments.first else { return }
            count(payment, event.kind == "payment.refunded" ? \.refunded : \.reversed, \.insurerReceived, times: 1)
            if let receipt = payment.receipt { receipts.append(receipt) }
        default: break
        }
        for payment in payments where payment.type == .payment { allocate(payment) }
    }

    private mutating func charge(_ bill: Bill, times: Int) {
        var balance = balances[bill.mrn, default: Balance()]
        for line in bill.lines {
            balance.billed += (line.insurerShare + line.writeOff + line.patientShare) * times
            balance.insurer += line.insurerShare * times
            balance.writeOff += line.writeOff * times
            balance.patient += line.patientShare * times
        }
        balances[bill.mrn] = balance
        paid[bill.mrn, default: .zero] += .zero
    }

    private mutating func count(
        _ payment: Payment, _ own: WritableKeyPath<Balance, Money>, _ insurers: WritableKeyPath<Balance, Money>,
        times: Int
    ) {
        let isInsurers = payment.payer == .insurer
        let sign = isInsurers && payment.type != .payment ? -times : times
        balances[payment.mrn, default: Balance()][keyPath: isInsurers ? insurers : own] += payment.amount * sign
    }

    /// The allocations of each payment so far, so that only what an event adds is counted.
    private var allocated: [String: Int] = [:]

    private mutating func allocate(_ payment: Payment) {
        let known = allocated[payment.id, default: 0]
        for allocation in payment.allocations.dropFirst(known) {
            if payment.payer == .patient {
                paid[payment.mrn, default: .zero] += allocation.amount
            } else {
                balances[payment.mrn, default: Balance()].insurerPaid += allocation.amount
            }
        }
        allocated[payment.id] = payment.allocations.count
    }
}

@Suite("Balances")
struct LedgerBalanceTests {
    @Test(
        "over any history the balances are the sums of the ledger, per patient and overall, and no number is left out",
        arguments: [21, 22, 23, 24, 25, 26, 27, 28] as [UInt64])
    func histories(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        for _ in 0..<6 {
            let ward = try Ward(with: &random)
            for step in 0..<60 {
                try ward.step(step, with: &random)
                let told = try ward.story.told
                #expect(told.isEmpty, "seed \(seed), step \(step): \(told)")
            }
            #expect(ward.kinds.count >= 6, "seed \(seed): only \(ward.kinds)")
        }
    }
}

/// Three patients, each with a case that is over, and whatever happens to their money.
private final class Ward {
    struct Telling {
        let story: Story
        let patients: [MRN]

        /// What does not add up at this moment; empty is good.
        var told: [String] {
            get throws {
                let ledger = LedgerBalance(of: story.state.events)
                var faults: [String] = []
                var sum = Balance()
                for mrn in patients {
                    let balance = try story.state.balance(of: mrn)
                    sum = sum + balance
                    let own = ledger.balances[mrn] ?? Balance()
                    if !balance.addsUp { faults.append("\(mrn) does not add up: \(balance)") }
                    for (name, amount) in Telling.amounts where balance[keyPath: amount] != own[keyPath: amount] {
                        faults.append("\(mrn) \(name): \(balance[keyPath: amount]), ledger \(own[keyPath: amount])")
                    }
                    if balance.open < .zero || balance.credit < .zero || balance.deposits < .zero {
                        faults.append("\(mrn): below zero: \(balance)")
                    }
                }
                let all = Balance(of: story.state.all(Bill.self), story.state.all(Payment.self))
                if all != sum || !all.addsUp { faults.append("overall \(all), of patients \(sum)") }
                faults += gaps(ledger.receipts.map(\.rawValue), "R-") + gaps(ledger.bills.map(\.rawValue), "B-")
                return faults
            }
        }

        private func gaps(_ numbers: [String], _ prefix: String) -> [String] {
            numbers.enumerated().compactMap { place, number in
                let expected = prefix + Digits.padded(place + 1, 6)
                return number == expected ? nil : "\(number), not \(expected)"
            }
        }

        private static var amounts: [(String, KeyPath<Balance, Money>)] {
            [
                ("billed", \.billed), ("insurer", \.insurer), ("write-off", \.writeOff), ("patient", \.patient),
                ("received", \.received), ("refunded", \.refunded), ("reversed", \.reversed), ("paid", \.paid),
                ("open", \.open), ("insurer received", \.insurerReceived), ("insurer paid", \.insurerPaid),
            ]
        }
    }

    let story: Telling
    private let clinic: Story
    private(set) var kinds: Set<String> = []

    init(with random: inout SplitMix) throws {
        var catalog = Catalog.sample
        catalog.policy.standardTaxBasisPoints = [0, 700, 1_900, 2_000, 2_550][random.below(5)]
        clinic = Story(catalog: catalog)
        var patients: [MRN] = []
        for number in 1...3 as ClosedRange<Int64> {
            let setting = BillStory(
                number: number, in: clinic, purpose: random.below(2) == 0 ? .cosmetic : .therapeutic,
                coverage: random.below(3) == 0 ? nil : .init(insurer: "ACME"), authorization: "A-\(number)",
                anesthesiaMinutes: random.below(90))
            try setting.use("SPLINT", 5, lot: "L\(number)")
            try setting.end()
            patients.append(setting.mrn)
        }
        story = Telling(story: clinic, patients: patients)
    }

    /// One more thing happens; what is refused leaves everything as it was.
    func step(_ step: Int, with random: inout SplitMix) throws {
        let amount = Int64(random.below([100, 30_000, 700_000][random.below(3)]) + 1)
        let patient = random.below(3)
        let mrn = story.patients[patient].rawValue
        let bill = "B-" + Digits.padded(random.below(12) + 1, 6)
        let original = "PAY-\(random.below(step + 1))"
        var values: [Field: Value] = [
            .amount: .minor(amount), .currency: "GBP", .method: "CARD", .reason: "so", .approvedBy: "F2",
            .requestedBy: "F1", .bill: .text(bill),
        ]
        switch random.below(14) {
        case 0, 1, 2:
            if random.below(2) == 0 { values[.bill] = nil }
            values[.mrn] = values[.bill] == nil ? .text(mrn) : nil
            if random.below(3) == 0 { values[.payer] = "INSURER" }
            try tell(.payment, "PAY", values, "PAY-\(step)")
        case 3:
            values[.bill] = nil
            values[.plan] = .text("P-\(patient + 1)")
            try tell(.payment, "PAY", values, "PAY-\(step)")
        case 4, 5:
            values[.bill] = nil
            values[.original] = .text(original)
            try tell(.payment, "REFUND", values, "BACK-\(step)")
        case 6:
            values[.bill] = nil
            values[.original] = .text(original)
            let left = clinic.state.all(Payment.self).first { $0.reference == original }
            values[.amount] = .money((left?.amount ?? .zero) - (left?.returned ?? .zero))
            try tell(.payment, "REVERSE", values, "BACK-\(step)")
        case 7, 8:
            if random.below(2) == 0 { values[.line] = .integer(random.below(4) + 1) }
            if random.below(2) == 0 {
                values[.amount] = nil
                values[.percent] = .text("\(random.below(100)).\(random.below(100))")
            }
            try tell(.bill, ["DISCOUNT", "CREDIT", "WAIVE"][random.below(3)], values, "ADJ-\(step)")
        case 9: try tell(.bill, "ADJUST", values, "ADJ-\(step)")
        case 10:
            values[.amount] = nil
            try tell(.bill, ["CANCEL", "CREDIT"][random.below(2)], values, "ADJ-\(step)")
        case 11:
            let back: [Field: Value] = [
                .sku: "SPLINT", .lot: .text("L\(patient + 1)"), .quantity: 1, .surgicalCase: .text("C-\(patient + 1)"),
            ]
            try tell(.inventory, random.below(2) == 0 ? "RETURN" : "USE", back, "INV-\(step)")
        default:
            let due = try clinic.pathway.due(at: clinic.now, drainEnds: true, in: clinic.state)
            kinds.formUnion(due.events.map(\.kind))
            _ = try clinic.pathway.carryOut(due, now: clinic.now, in: clinic.state)
        }
    }

    private func tell(_ form: FormName, _ action: String, _ values: [Field: Value], _ reference: String) throws {
        let ruling = try clinic.tell(form, action, values, reference: reference)
        kinds.formUnion(ruling.isClear ? ruling.events.map(\.kind) : ruling.codes)
    }
}
