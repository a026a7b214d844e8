/// A person whom the clinic cares for.
package struct Patient: ClinicEntity {
    package enum State: String, Codable, Sendable {
        case active = "ACTIVE"
        case inactive = "INACTIVE"
        case merged = "MERGED"
        case deceased = "DECEASED"
    }

    /// Administrative sex, HL7 table 0001.
    package enum Sex: String, Codable, Sendable {
        case female = "F"
        case male = "M"
        case other = "O"
        case unknown = "U"
        case ambiguous = "A"
        case notApplicable = "N"
    }

    /// An insurance cover as the patient declared it.
    package struct Coverage: Codable, Hashable, Sendable {
        package var insurer: String
        package var policyNumber: String?
        package var from: CalendarDate?
        package var to: CalendarDate?

        package init(insurer: String, policyNumber: String? = nil, from: CalendarDate? = nil, to: CalendarDate? = nil) {
            self.insurer = insurer
            self.policyNumber = policyNumber
            self.from = from
            self.to = to
        }
    }

    /// What the last merge of a record into another found, for the day on which it is undone.
    package struct Merge: Codable, Hashable, Sendable {
        package var at: Instant
        /// The record itself and those that it led to, as they were.
        package var images: [Patient]

        package init(at: Instant, images: [Patient]) {
            self.at = at
            self.images = images
        }
    }

    package enum Lookup: Hashable, Sendable {
        case nationalID(String)
        /// An identifier of another system, `authority/id`.
        case identifier(String)
        case bornOn(CalendarDate)
        case familyName(String)
        case phone(String)
        case email(String)
        case mergedInto(MRN)
        /// Those of the same name whose birth date has the same year, or the same month and day.
        case namesake(given: String, family: String, bornAbout: CalendarDate)
    }

    package static let kind = "patient"

    package var mrn: MRN
    package var state: State = .active
    package var givenName: String
    package var familyName: String
    package var middleName: String?
    package var preferredName: String?
    package var birthDate: CalendarDate
    package var sex: Sex
    package var email: String?
    package var phone: String?
    package var address: String?
    package var city: String?
    package var region: String?
    package var postalCode: String?
    package var country: String?
    package var nationalID: String?
    package var language: String?
    package var occupation: String?
    package var referralSource: String?
    /// Nil is not documented; empty is documented as none.
    package var allergies: [String]?
    package var medications: [String]?
    package var conditions: [String]?
    package var previousSurgeries: [String]?
    package var smoker: Bool?
    package var heightCentimeters: Int?
    package var weightKilograms: Int?
    package var emergencyContact: String?
    package var emergencyPhone: String?
    package var guardianName: String?
    package var guardianRelation: String?
    package var coverage: Coverage?
    package var contactConsent: Bool?
    /// SELF, GUARDIAN or STAFF.
    package var enteredBy: String?
    package var registeredAt: Instant
    /// Identifiers of other systems, `authority/id`.
    package var identifiers: [String] = []
    /// The surviving record, when this one was merged.
    package var mergedInto: MRN?
    /// What it was before it was merged, for the day on which the merge is undone.
    package var stateBeforeMerge: State?
    package var lastMerge: Merge?
    /// One at most: the record as its own number tells it, once something came under a number merged into it.
    package var asToldItself: [Patient] = []

    package init(
        mrn: MRN, givenName: String, familyName: String, birthDate: CalendarDate, sex: Sex, registeredAt: Instant
    ) {
        self.mrn = mrn
        self.givenName = givenName
        self.familyName = familyName
        self.birthDate = birthDate
        self.sex = sex
        self.registeredAt = registeredAt
    }

    package var id: String { mrn.rawValue }

    package var keys: [Key] { [.patient(mrn)] + identifiers.map { .identifier($0) } }

    package func matches(_ lookup: Lookup) -> Bool {
        switch lookup {
        case .nationalID(let number): nationalID.map { $0.utf8.elementsEqual(number.utf8) } ?? false
        case .identifier(let identifier): identifiers.contains { $0.utf8.elementsEqual(identifier.utf8) }
        case .bornOn(let date): birthDate == date
        case .familyName(let name): familyName.utf8.elementsEqual(name.utf8)
        case .phone(let number): phone.map { $0.utf8.elementsEqual(number.utf8) } ?? false
        case .email(let address): email.map { $0.utf8.elementsEqual(address.utf8) } ?? false
        case .mergedInto(let survivor): mergedInto == survivor
        case .namesake(let given, let family, let date):
            givenName.utf8.elementsEqual(given.utf8) && familyName.utf8.elementsEqual(family.utf8)
                && birthDate.isAbout(date)
        }
    }

    /// The name as documents print it.
    package var fullName: String { "\(givenName) \(familyName)" }
}

/// The reference of a form under which a patient was registered: a kiosk's slip.
package struct Registration: ClinicEntity {
    package enum Lookup: Hashable, Sendable {
        case reference(String)
        case patient(MRN)
    }

    package static let kind = "registration"

    package var source: SourceName
    package var reference: String
    /// Nil while only the front desk initiated it and the patient has not filled it in.
    package var mrn: MRN?
    package var registeredAt: Instant
    /// The contact that was given when the slip was handed out.
    package var email: String?
    package var phone: String?

    package init(source: SourceName, reference: String, mrn: MRN?, registeredAt: Instant) {
        self.source = source
        self.reference = reference
        self.mrn = mrn
        self.registeredAt = registeredAt
    }

    package var id: String { "\(source)/\(reference)" }

    package var keys: [Key] {
        [.registration(reference), .registration(id)] + (mrn.map { [.patient($0)] } ?? [])
    }

    package func matches(_ lookup: Lookup) -> Bool {
        switch lookup {
        case .reference(let reference): self.reference.utf8.elementsEqual(reference.utf8)
        case .patient(let mrn): self.mrn == mrn
        }
    }
}

/// A patient's access to the portal: the e-mail is the user name, the role always PATIENT.
package struct PatientAccount: ClinicEntity {
    package enum State: String, Codable, Sendable {
        case pendingVerification = "PENDING_VERIFICATION"
        case active = "ACTIVE"
        case locked = "LOCKED"
        case closed = "CLOSED"
    }

    package enum Lookup: Hashable, Sendable {
        /// By e-mail in lower case.
        case email(String)
    }

    package static let kind = "account"

    package var mrn: MRN
    /// Lower case.
    package var email: String
    package var role: String
    package var state: State
    package var openedAt: Instant
    package var verifiedAt: Instant?
    /// Wrong tokens since the last one was mailed; too many lock the account.
    package var failedAttempts = 0

    package init(mrn: MRN, email: String, openedAt: Instant) {
        self.mrn = mrn
        self.email = email
        self.role = "PATIENT"
        self.state = .pendingVerification
        self.openedAt = openedAt
    }

    package var id: String { mrn.rawValue }
    package var keys: [Key] { [.patient(mrn)] }

    package func matches(_ lookup: Lookup) -> Bool {
        switch lookup {
        case .email(let email): self.email.utf8.elementsEqual(email.utf8)
        }
    }
}

/// What an account is opened with: hashes alone, and never in the ledger.
package struct Credential: ClinicEntity {
    package enum Lookup: Hashable, Sendable {}

    package static let kind = "credential"
    package static let isSecret = true

    package var mrn: MRN
    /// bcrypt; nil until the patient has set a password.
    package var passwordHash: String?
    /// SHA-256 of the one-time token mailed to the patient, in hex.
    package var tokenSHA256: String?
    package var tokenExpiresAt: Instant?
    /// The token that opened the account: the same link followed again is no attempt to guess one.
    package var spentTokenSHA256: String?

    package init(mrn: MRN, passwordHash: String?, tokenSHA256: String?, tokenExpiresAt: Instant?) {
        self.mrn = mrn
        self.passwordHash = passwordHash
        self.tokenSHA256 = tokenSHA256
        self.tokenExpiresAt = tokenExpiresAt
    }

    package var id: String { mrn.rawValue }
    package func matches(_ lookup: Lookup) -> Bool {}
}

extension CalendarDate {
    /// One digit off, or day and month exchanged, leaves the year or the day of the year as it was.
    fileprivate func isAbout(_ other: CalendarDate) -> Bool {
        let (mine, its) = (parts, other.parts)
        return mine.year == its.year || (mine.month == its.month && mine.day == its.day)
    }
}
