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
    /// Sets the tax of the lines, class by class, so that every line is rounded and the sum is the tax of the sum.
    ///
    /// EN 16931 BR-CO-17 asks for the tax of a category to be that of its total; the lines carry the steps between
    /// the rounded taxes of the running totals.
    mutating func setTaxes() {
        var running: [TaxClass: Money] = [:]
        for index in indices {
            let taxClass = self[index].taxClass
            let before = running[taxClass, default: .zero]
            let after = before + self[index].net
            running[taxClass] = after
            self[index].tax = taxClass.tax(of: after) - taxClass.tax(of: before)
        }
    }

    /// Divides what the lines charge between insurer, contractual write-off and patient; the three are the charge.
    ///
    /// The insurer and its contract have a part only in what they cover. Gives what falls under the deductible.
    mutating func divide(by terms: InsuranceTerms?, covering covers: (Bill.Line) -> Bool = { _ in true }) -> Division {
        let charges = map { terms != nil && covers($0) ? $0.net + $0.tax : .zero }
        let total = charges.total
        let writeOff = terms.map { total.share(basisPoints: $0.writeOffBasisPoints) } ?? .zero
        let writeOffs = writeOff.spread(over: charges)
        let agreed = zip(charges, writeOffs).map { $0 - $1 }
        let insured = terms.map { $0.pays(of: agreed.total) } ?? .zero
        let shares = insured.spread(over: agreed)
        for index in indices {
            self[index].writeOff = writeOffs[index]
            self[index].insurerShare = shares[index]
            self[index].patientShare = self[index].charge - writeOffs[index] - shares[index]
        }
        return Division(
            deductible: terms.map { $0.deducts(of: agreed.total) } ?? .zero,
            isBeyondAuthorization: terms.map { $0.isBeyondAuthorization(agreed.total) } ?? false)
    }
}

/// What dividing a bill came to besides the parts of its lines.
struct Division {
    var deductible: Money
    var isBeyondAuthorization: Bool
}

/// A class of tax: EN 16931 category and rate.
struct TaxClass: Hashable {
    let category: String
    let basisPoints: Int

    func tax(of net: Money) -> Money { net.share(basisPoints: basisPoints) }
}
