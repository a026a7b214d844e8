/// An insurer and the terms agreed with it.
package struct Payer: Hashable, Sendable, Codable {
    package var id: PayerID
    package var name: String
    /// Hundredths of a percent of the agreed amount that it pays.
    package var basisPoints: Int
    package var deductible: Money
    /// The most that it pays for one surgery, supplements included; nil without a cap.
    package var cap: Money?
    /// Hundredths of a percent that the clinic writes off by contract.
    package var writeOffBasisPoints: Int
    package var needsAuthorization: Bool
    /// Later terms, each from its day on.
    package var changes: [Change<Payer>] = []

    package init(
        id: PayerID, name: String, basisPoints: Int, deductible: Money, cap: Money?, writeOffBasisPoints: Int,
        needsAuthorization: Bool
    ) {
        self.id = id
        self.name = name
        self.basisPoints = basisPoints
        self.deductible = deductible
        self.cap = cap
        self.writeOffBasisPoints = writeOffBasisPoints
        self.needsAuthorization = needsAuthorization
    }
}
