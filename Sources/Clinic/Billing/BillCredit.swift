/// Credits of lines: negative lines that repeat the number of the line they take from.
extension Bill.Line {
    /// What is left of the line after a credit note.
    func less(_ note: Bill) -> Bill.Line {
        var rest = self
        for credit in note.lines where credit.number == number {
            rest.net += credit.net
            // The tax given back is what the shares hold of it: that of the note is rounded as the note's own.
            rest.tax += credit.shares - credit.net
            rest.insurerShare += credit.insurerShare
            rest.writeOff += credit.writeOff
            rest.patientShare += credit.patientShare
            // Goods that came back are counted; an amount off is not.
            if note.change == .comeBack { rest.quantity += credit.quantity }
        }
        return rest
    }

    /// The credit of all that is left.
    var creditOfAll: Bill.Line {
        var credit = self
        credit.net = -net
        credit.tax = -tax
        credit.insurerShare = -insurerShare
        credit.writeOff = -writeOff
        credit.patientShare = -patientShare
        credit.quantity = unitPrice * quantity == net ? -quantity : -1
        if credit.quantity == -1 { credit.unitPrice = net }
        return credit
    }

    /// The credit of a net amount; insurer and write-off take their parts of it, the rest is the patient's.
    func credit(net amount: Money) -> Bill.Line {
        guard amount < net else { return creditOfAll }
        let tax = min(amount.share(basisPoints: taxBasisPoints), self.tax)
        var insurer = insurerShare.portion(amount + tax, of: charge)
        var writeOff = self.writeOff.portion(amount + tax, of: charge)
        var patient = amount + tax - insurer - writeOff
        // Cutting to minor units may leave the patient a unit more than the line has of theirs.
        let excess = max(.zero, patient - patientShare)
        let toInsurer = min(excess, insurerShare - insurer)
        insurer += toInsurer
        writeOff += excess - toInsurer
        patient -= excess
        return credit(amount, tax: tax, insurer: insurer, writeOff: writeOff, patient: patient)
    }

    /// The credit of a net amount that is the patient's alone.
    func patientCredit(net amount: Money) -> Bill.Line {
        let tax = amount == net ? self.tax : min(amount.share(basisPoints: taxBasisPoints), self.tax)
        return credit(amount, tax: tax, insurer: .zero, writeOff: .zero, patient: amount + tax)
    }

    /// The credit of an amount with its tax that is the patient's alone.
    func patientCredit(gross amount: Money) -> Bill.Line {
        guard amount < charge else { return patientCredit(net: net) }
        let net = amount.portion(Money(minorUnits: 10_000), of: Money(minorUnits: 10_000 + Int64(taxBasisPoints)))
        let tax = min(amount - net, self.tax)
        return credit(amount - tax, tax: tax, insurer: .zero, writeOff: .zero, patient: amount)
    }

    /// The largest net amount whose credit is no more than the patient's share.
    var patientNet: Money {
        guard patientShare < charge else { return net }
        return patientShare.portion(
            Money(minorUnits: 10_000), of: Money(minorUnits: 10_000 + Int64(taxBasisPoints)))
    }

    private func credit(
        _ amount: Money, tax: Money, insurer: Money, writeOff: Money, patient: Money
    ) -> Bill.Line {
        var credit = self
        credit.quantity = -1
        credit.unitPrice = amount
        credit.net = -amount
        credit.tax = -tax
        credit.insurerShare = -insurer
        credit.writeOff = -writeOff
        credit.patientShare = -patient
        return credit
    }
}
