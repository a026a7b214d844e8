/// Parts of amounts that add up to the amount, whatever the rounding.
extension Money {
    /// As much of this amount as `part` is of `whole`, cut to the minor unit; both not negative, `part` at most `whole`.
    func portion(_ part: Money, of whole: Money) -> Money {
        guard whole > .zero, self > .zero, part > .zero else { return .zero }
        guard part < whole else { return self }
        let product = minorUnits.magnitude.multipliedFullWidth(by: part.minorUnits.magnitude)
        return Money(minorUnits: Int64(whole.minorUnits.magnitude.dividingFullWidth(product).quotient))
    }

    /// The amount spread over others in proportion; each part is at most what it is spread over, and the sum is exact.
    func spread(over amounts: [Money]) -> [Money] {
        let whole = amounts.total
        var reached = Money.zero
        var given = Money.zero
        return amounts.map { amount in
            reached += amount
            let until = portion(reached, of: whole)
            defer { given = until }
            return until - given
        }
    }
}

extension [Bill.Line] {
    /// Sets the tax of lines of one class, so that every line is rounded and the sum is the tax of the sum.
    ///
    /// EN 16931 BR-CO-17 asks for the tax of a category to be that of its total; the lines carry the steps between
    /// the rounded taxes of the running totals.
    mutating func setTax(basisPoints: Int, category: String, exemption: String?) {
        var running = Money.zero
        for index in indices {
            let before = running.share(basisPoints: basisPoints)
            running += self[index].net
            self[index].taxBasisPoints = basisPoints
            self[index].taxCategory = category
            self[index].taxExemptionReason = exemption
            self[index].tax = running.share(basisPoints: basisPoints) - before
        }
    }

    /// Divides what the lines charge between insurer, contractual write-off and patient; the three are the charge.
    mutating func divide(by terms: InsuranceTerms?) {
        let charges = map { $0.net + $0.tax }
        let total = charges.total
        let writeOff = terms.map { total.share(basisPoints: $0.writeOffBasisPoints) } ?? .zero
        let writeOffs = writeOff.spread(over: charges)
        let agreed = zip(charges, writeOffs).map { $0 - $1 }
        let insured = terms.map { $0.pays(of: agreed.total) } ?? .zero
        let shares = insured.spread(over: agreed)
        for index in indices {
            self[index].writeOff = writeOffs[index]
            self[index].insurerShare = shares[index]
            self[index].patientShare = agreed[index] - shares[index]
        }
    }
}

/// What an insurer pays of one more bill of a case: its contract, without what earlier bills of the case used up.
struct InsuranceTerms {
    var basisPoints: Int
    var writeOffBasisPoints: Int
    var deductible: Money
    var cap: Money?

    /// The terms of a payer after bills of the same case.
    init(_ payer: Payer, after bills: [Bill]) {
        let earlier = bills.filter { $0.insurer == payer.id && $0.state != .cancelled }
        let agreed = earlier.map { $0.gross - $0.writeOff }.total
        let paid = earlier.map(\.insurerShare).total
        basisPoints = payer.basisPoints
        writeOffBasisPoints = payer.writeOffBasisPoints
        deductible = max(.zero, payer.deductible - agreed)
        cap = payer.cap.map { max(.zero, $0 - paid) }
    }

    /// The percentage of what is above the deductible, up to the cap.
    func pays(of agreed: Money) -> Money {
        let share = max(.zero, agreed - deductible).share(basisPoints: basisPoints)
        return min(share, agreed, cap ?? share)
    }
}
