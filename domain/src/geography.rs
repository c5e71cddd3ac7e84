//! Where units are: coordinates, districts, and how far it is from one to another.

use serde::{Deserialize, Serialize};

/// The mean radius of the earth in hundreds of metres (IUGG).
const RADIUS: f64 = 63_710.088;

/// A place on the earth, WGS 84, in millionths of a degree: about a tenth of a metre.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// North of the equator.
    pub latitude: i32,
    /// East of Greenwich.
    pub longitude: i32,
}

/// Where a unit is, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Its coordinates.
    pub point: Option<Point>,
    /// 片区: the part of the county.
    pub district: Option<String>,
}

/// Millionths of a degree as degrees: the number that is read from six decimals, as a quotient is rounded correctly.
fn degrees(millionths: i32) -> f64 {
    f64::from(millionths) / 1e6
}

impl Point {
    /// The point of a latitude and a longitude in degrees, to six decimals.
    #[must_use]
    pub fn at(latitude: f64, longitude: f64) -> Self {
        let millionths = |degrees: f64| libm::round(degrees * 1e6) as i32;
        Self { latitude: millionths(latitude), longitude: millionths(longitude) }
    }

    /// Its latitude and longitude in degrees.
    #[must_use]
    pub fn degrees(self) -> (f64, f64) {
        (degrees(self.latitude), degrees(self.longitude))
    }

    /// Hundreds of metres along the great circle, by the haversine formula; the same on every machine.
    #[must_use]
    pub fn distance(self, other: Self) -> u32 {
        let radians = |millionths: i32| degrees(millionths).to_radians();
        let half_sine = |one: i32, other: i32| {
            let sine = libm::sin((radians(one) - radians(other)) / 2.0);
            sine * sine
        };
        let cosines = libm::cos(radians(self.latitude)) * libm::cos(radians(other.latitude));
        let haversine =
            half_sine(self.latitude, other.latitude) + cosines * half_sine(self.longitude, other.longitude);
        libm::round(2.0 * RADIUS * libm::asin(libm::sqrt(haversine.min(1.0)))) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_are_kept_to_six_decimals() {
        let point = Point::at(26.337_512_4, -115.363_451);
        assert_eq!(point, Point { latitude: 26_337_512, longitude: -115_363_451 });
        assert_eq!(point.degrees(), (26.337_512, -115.363_451));
        assert_eq!(Point::at(26.337_512, -115.363_451), point);
    }

    #[test]
    fn distances_are_those_along_great_circles() {
        let point = |latitude, longitude| Point { latitude, longitude };
        // A degree of latitude is 111.195 km on this sphere.
        assert_eq!(point(26_000_000, 115_000_000).distance(point(27_000_000, 115_000_000)), 1_112);
        assert_eq!(point(0, 179_500_000).distance(point(0, -179_500_000)), 1_112);
        assert_eq!(point(0, 0).distance(point(0, 180_000_000)), 200_151);
        let (one, other) = (point(26_337_512, 115_363_451), point(26_100_000, 115_500_000));
        assert_eq!((one.distance(one), one.distance(other)), (0, other.distance(one)));
    }
}
