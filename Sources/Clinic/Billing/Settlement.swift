/// Bills and payments on the table: each step changes the copies here and makes the event that tells of it.
///
/// Several bills may draw on one payment within one ruling, so nothing is read from the state twice.
struct Settlement {
    let state: any ClinicState
    let at: Instant
    private(set) var bills: [BillNumber: Bill] = [:]
    private var payments: [RowID: Payment] = [:]
    private(set) var events: [Event] = []

    init(in state: any ClinicState, at instant: Instant) {
        self.state = state
        self.at = instant
    }

    mutating func record(_ event: Event) { events.append(event) }

    /// Records an event together with a payment that it changes.
    mutating func record(_ event: Event, changing payment: Payment) {
        payments[RowID(payment.id)] = payment
        events.append(event)
    }

    func bill(_ number: BillNumber) throws -> Bill? {
        try bills[number] ?? state.fetch(Bill.self, id: number.rawValue)
    }

    func payment(_ id: String) throws -> Payment? {
        try payments[RowID(id)] ?? state.fetch(Payment.self, id: id)
    }

    /// The bills of a patient in all their records, oldest due first.
    func bills(of patient: MRN) throws -> [Bill] {
        let numbers = try state.records(of: patient)
        let stored = try numbers.flatMap { try state.fetch(Bill.self, where: .patient($0)) }
        let others = stored.filter { bills[$0.number] == nil }
        return (others + bills.values.filter { numbers.contains($0.mrn) })
            .sorted { $0.dueOn == $1.dueOn ? $0.number.isBefore($1.number) : $0.dueOn < $1.dueOn }
    }

    /// Money received of a patient in all their records and still there, oldest first.
    func payments(of patient: MRN) throws -> [Payment] {
        let numbers = try state.records(of: patient)
        let stored = try numbers.flatMap { try state.fetch(Payment.self, where: .patient($0)) }
        let others = stored.filter { payments[RowID($0.id)] == nil }
        return (others + payments.values.filter { numbers.contains($0.mrn) })
            .filter { $0.type == .payment && $0.state != .reversed }
            .sorted { one, other in
                one.paidAt == other.paidAt
                    ? one.id.utf8.lexicographicallyPrecedes(other.id.utf8) : one.paidAt < other.paidAt
            }
    }

    /// A bill goes out.
    mutating func issue(_ bill: Bill, with others: [any ClinicEntity] = []) {
        bills[bill.number] = bill
        events.append(
            Event(
                "bill.issued", .bill(bill.number), patient: bill.mrn, at: at, writes: [bill] + others,
                note: bill.reason))
    }

    /// Money comes in.
    mutating func receive(_ payment: Payment) {
        payments[RowID(payment.id)] = payment
        events.append(
            Event(
                "payment.received", .reference(.payment, payment.reference), patient: payment.mrn,
                at: payment.paidAt, writes: [payment]))
    }

    /// Sets as much of a payment against a bill as is free of the one and open of the other.
    mutating func allocate(_ id: String, to number: BillNumber, after cause: Event? = nil) throws {
        guard var payment = try payment(id), var bill = try bill(number), bill.isPayable,
            payment.currency == bill.currency
        else { return }
        let amount = min(payment.unapplied, bill.open(for: payment.payer))
        guard amount > .zero else { return }
        payment.allocations.append(.init(bill: number, amount: amount, allocatedAt: at))
        payment.refreshState()
        bill.count(amount, of: payment.payer)
        payments[RowID(id)] = payment
        bills[number] = bill
        let allocated = Event(
            "payment.allocated", .bill(number), patient: payment.mrn, at: at, writes: [payment, bill])
        events.append(cause.map { allocated.caused(by: $0) } ?? allocated)
    }

    /// Takes all of a payment off a bill again.
    mutating func takeBack(_ id: String, from number: BillNumber) throws {
        guard var payment = try payment(id), var bill = try bill(number) else { return }
        let amount = payment.allocated(to: number)
        payment.takeBack(amount, from: number, at: at)
        bill.count(-amount, of: payment.payer)
        payments[RowID(id)] = payment
        bills[number] = bill
        events.append(
            Event("payment.unallocated", .bill(number), patient: payment.mrn, at: at, writes: [payment, bill]))
    }

    /// What is left of a bill's lines after its credit notes.
    func remainders(of bill: Bill) throws -> [Bill.Line] {
        let stored = try state.fetch(Bill.self, where: .surgicalCase(bill.surgicalCase))
        let others = stored.filter { bills[$0.number] == nil }
        let notes = (others + bills.values).filter { $0.type == .creditNote && $0.ofBill == bill.number }
        return bill.lines.map { line in notes.reduce(line) { $0.less($1) } }
    }

    /// A credit note goes out and is set against its bill; what was paid beyond the rest becomes credit again.
    mutating func credit(_ note: Bill, to credited: Bill) throws {
        issue(note)
        guard var bill = try bill(credited.number) else { return }
        var note = note
        var freed: [Payment] = []
        for payer in [Payment.Payer.patient, .insurer] {
            let credit = note.open(for: payer)
            guard credit < .zero else { continue }
            let excess = max(.zero, -credit - bill.open(for: payer))
            freed += try free(excess, from: &bill, payer: payer)
            let offset = min(-credit, bill.open(for: payer))
            bill.count(offset, of: payer)
            note.count(-offset, of: payer)
        }
        let rest = try remainders(of: bill)
        if rest.allSatisfy({ $0.charge == .zero }) { bill.state = .adjusted }
        note.refreshState()
        bills[bill.number] = bill
        bills[note.number] = note
        let adjusted = Event(
            "bill.adjusted", .bill(bill.number), patient: bill.mrn, at: at, writes: [bill, note] + freed,
            note: note.reason)
        events.append(adjusted)
        if !freed.isEmpty { try settleCredit(of: bill.mrn, after: adjusted) }
    }

    /// Takes an amount back from the payments set against a bill, the latest first.
    mutating func free(_ amount: Money, from bill: inout Bill, payer: Payment.Payer) throws -> [Payment] {
        var left = amount
        var freed: [Payment] = []
        for payment in try payments(of: bill.mrn).reversed() where payment.payer == payer && left > .zero {
            var payment = payment
            let part = min(left, payment.allocated(to: bill.number))
            guard part > .zero else { continue }
            left -= part
            payment.takeBack(part, from: bill.number, at: at)
            bill.count(-part, of: payer)
            payments[RowID(payment.id)] = payment
            freed.append(payment)
        }
        return freed
    }

    /// Frees an amount of a payment from what it was set against, the latest first, and gives the bills that open again.
    mutating func withdraw(_ amount: Money, from payment: inout Payment) throws -> [Bill] {
        var left = max(.zero, amount - payment.unapplied)
        var reopened: [Bill] = []
        var seen: Set<BillNumber> = []
        for number in payment.allocations.reversed().map(\.bill) where seen.insert(number).inserted && left > .zero {
            let part = min(left, payment.allocated(to: number))
            guard part > .zero, var bill = try bill(number) else { continue }
            left -= part
            payment.takeBack(part, from: number, at: at)
            bill.count(-part, of: payment.payer)
            bills[number] = bill
            reopened.append(bill)
        }
        return reopened
    }

    /// A bill is cancelled; what was set against it becomes credit again.
    mutating func cancel(_ bill: Bill) throws {
        var bill = bill
        let freed =
            try free(bill.patientPaid, from: &bill, payer: .patient)
            + free(bill.insurerPaid, from: &bill, payer: .insurer)
        bill.state = .cancelled
        bills[bill.number] = bill
        let cancelled = Event(
            "bill.cancelled", .bill(bill.number), patient: bill.mrn, at: at, writes: [bill] + freed,
            note: bill.reason)
        events.append(cancelled)
        if !freed.isEmpty { try settleCredit(of: bill.mrn, after: cancelled) }
    }
}

extension Bill {
    /// Whether money can be set against it.
    var isPayable: Bool { type != .creditNote && state != .cancelled && state != .adjusted }

    /// Whether it bills its plan, whose deposits are free credit from then on; a cancelled bill is made anew.
    var billsItsPlan: Bool { type != .creditNote && state != .cancelled }

    func open(for payer: Payment.Payer) -> Money { payer == .patient ? patientOpen : insurerOpen }

    /// Counts money set against the bill, or taken back from it.
    mutating func count(_ amount: Money, of payer: Payment.Payer) {
        switch payer {
        case .patient: patientPaid += amount
        case .insurer: insurerPaid += amount
        }
        refreshState()
    }

    /// Brings the state in line with what is paid.
    mutating func refreshState() {
        guard state != .cancelled, state != .adjusted else { return }
        if patientOpen <= .zero && insurerOpen <= .zero {
            state = .paid
        } else {
            state = patientPaid == .zero && insurerPaid == .zero ? .issued : .partiallyPaid
        }
    }
}

extension Payment {
    func allocated(to bill: BillNumber) -> Money { allocations.filter { $0.bill == bill }.map(\.amount).total }

    mutating func takeBack(_ amount: Money, from bill: BillNumber, at instant: Instant) {
        allocations.append(.init(bill: bill, amount: -amount, allocatedAt: instant))
        refreshState()
    }

    /// Brings the state in line with what is allocated and given back.
    mutating func refreshState() {
        guard type == .payment, state != .reversed else { return }
        if returned >= amount {
            state = .refunded
        } else if unapplied <= .zero {
            state = .allocated
        } else {
            state = allocated > .zero ? .partlyAllocated : .unallocated
        }
    }
}

extension ClinicState {
    /// The numbers of all records of a patient: the one that stands and those merged into it.
    package func records(of mrn: MRN) throws -> [MRN] {
        var root = mrn
        var seen: Set<MRN> = [mrn]
        while let next = try fetch(Patient.self, id: root.rawValue)?.mergedInto, seen.insert(next).inserted {
            root = next
        }
        var found = [root]
        var index = 0
        while index < found.count {
            let merged = try fetch(Patient.self, where: .mergedInto(found[index])).map(\.mrn)
            found += merged.filter { !found.contains($0) }
            index += 1
        }
        return found
    }
}
