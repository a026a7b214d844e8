/// What an entry says of a patient, written over what is known: empty leaves, `""` deletes.
extension Patient {
    /// Takes over every field that the entry carries.
    mutating func take(_ command: Command) {
        takeIdentity(command)
        email.take(.email, from: command)
        phone.take(.phone, from: command)
        address.take(.address, from: command)
        city.take(.city, from: command)
        region.take(.region, from: command)
        postalCode.take(.postalCode, from: command)
        country.take(.country, from: command)
        language.take(.language, from: command)
        occupation.take(.occupation, from: command)
        referralSource.take(.referralSource, from: command)
        takeHistory(command)
        emergencyContact.take(.emergencyContact, from: command)
        emergencyPhone.take(.emergencyPhone, from: command)
        guardianName.take(.guardianName, from: command)
        guardianRelation.take(.guardianRelation, from: command)
        contactConsent.take(.contactConsent, from: command)
        takeCoverage(command)
    }

    private mutating func takeIdentity(_ command: Command) {
        givenName = command.text(.givenName) ?? givenName
        familyName = command.text(.familyName) ?? familyName
        birthDate = command.date(.birthDate) ?? birthDate
        sex = command.text(.sex).flatMap { Sex(rawValue: $0) } ?? sex
        middleName.take(.middleName, from: command)
        preferredName.take(.preferredName, from: command)
        nationalID.take(.nationalID, from: command)
        enteredBy.take(.enteredBy, from: command)
        if command.deletes(.identifiers) { identifiers = [] }
        for former in command.list(.formerIdentifiers) ?? [] {
            identifiers.removeAll { $0.utf8.elementsEqual(former.utf8) }
        }
        for identifier in command.list(.identifiers) ?? [] where !matches(.identifier(identifier)) {
            identifiers.append(identifier)
        }
    }

    private mutating func takeHistory(_ command: Command) {
        allergies.take(.allergies, from: command)
        medications.take(.medications, from: command)
        conditions.take(.conditions, from: command)
        previousSurgeries.take(.previousSurgeries, from: command)
        smoker.take(.smoker, from: command)
        heightCentimeters.take(.heightCentimeters, from: command)
        weightKilograms.take(.weightKilograms, from: command)
    }

    private mutating func takeCoverage(_ command: Command) {
        if command.deletes(.insurer) { coverage = nil }
        if let insurer = command.text(.insurer) {
            // Another insurer is another cover: number and dates of the old one do not carry over.
            let isSame = coverage.map { $0.insurer.utf8.elementsEqual(insurer.utf8) } ?? false
            if !isSame { coverage = Coverage(insurer: insurer) }
        }
        guard var cover = coverage else { return }
        cover.policyNumber.take(.policyNumber, from: command)
        cover.from.take(.coverageFrom, from: command)
        cover.to.take(.coverageTo, from: command)
        coverage = cover
    }
}

extension String? {
    fileprivate mutating func take(_ field: Field, from command: Command) {
        if command.deletes(field) { self = nil } else { self = command.text(field) ?? self }
    }
}

extension Bool? {
    fileprivate mutating func take(_ field: Field, from command: Command) {
        if command.deletes(field) { self = nil } else { self = command.flag(field) ?? self }
    }
}

extension Int? {
    fileprivate mutating func take(_ field: Field, from command: Command) {
        if command.deletes(field) { self = nil } else { self = command.integer(field) ?? self }
    }
}

extension CalendarDate? {
    fileprivate mutating func take(_ field: Field, from command: Command) {
        if command.deletes(field) { self = nil } else { self = command.date(field) ?? self }
    }
}

extension [String]? {
    /// A list of `NONE` alone says that there are none, which is not the same as nothing said.
    fileprivate mutating func take(_ field: Field, from command: Command) {
        if command.deletes(field) { self = nil }
        guard let list = command.list(field) else { return }
        self = list == ["NONE"] ? [] : list
    }
}
