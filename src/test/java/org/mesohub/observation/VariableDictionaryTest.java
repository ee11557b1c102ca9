package org.mesohub.observation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class VariableDictionaryTest {
  private static Named named(String name) {
    return VariableDictionary.named(name).orElseThrow();
  }

  @Test
  void source_names_resolve_to_variable_unit_and_interval() {
    assertThat(named("TMPF").column()).isEqualTo(Column.decimal("air_temperature", 0, "[degF]"));
    assertThat(named("SKNT").column().unit()).isEqualTo("[kn_i]");
    assertThat(named("air_temp").column().unit()).isEqualTo("Cel");
    assertThat(named("air_temp").source()).isEqualTo("synoptic");
    assertThat(named("P24I").column())
        .isEqualTo(Column.decimal("lwe_thickness_of_precipitation_amount", 86_400, "[in_i]"));
    assertThat(named("p01i").column().intervalSeconds()).isEqualTo(3600);
    assertThat(named("TB05").column().level()).isEqualTo("-0.05");
    assertThat(VariableDictionary.named("no_such_name")).isEmpty();
  }

  @Test
  void ids_imply_the_dictionary_unit_and_ambiguous_names_prefer_mesowest() {
    assertThat(named("wind_speed_of_gust").column().unit()).isEqualTo("m/s");
    assertThat(named("air_temperature").source()).isEqualTo(VariableDictionary.SOURCE_DICTIONARY);
    assertThat(named("RELH").source()).isEqualTo("mesowest");
    assertThat(named("Tmpf").source()).isEqualTo("mesowest");
    assertThat(VariableDictionary.named("madis", "visibility").orElseThrow().column().unit())
        .isEqualTo("m");
    assertThat(named("visibility").source()).isEqualTo("synoptic");
  }

  @Test
  void labels_are_short_for_mesowest_and_readable_for_others() {
    assertThat(VariableDictionary.label(Column.decimal("air_temperature", 0, "[degF]")))
        .isEqualTo("TMPF");
    assertThat(VariableDictionary.label(Column.decimal("air_temperature", 0, "K")))
        .isEqualTo("air_temperature[K]");
    var soil = new Column("soil_temperature", "-0.05", 1, 3600, "Cel", ValueKind.DECIMAL);
    assertThat(VariableDictionary.label(soil)).isEqualTo("soil_temperature[Cel]@-0.05#1/3600s");
    assertThat(VariableDictionary.byLabel("nothing like a label")).isEmpty();
  }

  @Test
  void every_label_leads_back_to_its_column() {
    for (Variable variable : VariableDictionary.variables()) {
      for (String level : List.of("", "2", "-0.05")) {
        for (int sensor : new int[] {0, 1, 12}) {
          for (int interval : new int[] {0, 60, 86_400}) {
            for (String unit :
                List.of("", variable.unit(), "[degF]", "[in_i'Hg]", "[mi_i]/h", "W/m2")) {
              for (ValueKind kind : ValueKind.values()) {
                var column = new Column(variable.id(), level, sensor, interval, unit, kind);
                String label = VariableDictionary.label(column);
                assertThat(VariableDictionary.byLabel(label)).as(label).contains(column);
              }
            }
          }
        }
      }
    }
  }

  @Test
  void mesowest_columns_stand_in_file_order() {
    assertThat(VariableDictionary.mesowest().stream().map(VariableDictionary::label))
        .containsExactly(
            "SLAT", "SLON", "SELV", "TMPF", "SKNT", "DRCT", "GUST", "PMSL", "ALTI", "DWPF", "RELH",
            "WTHR", "P24I");
  }

  @Test
  void units_of_all_names_and_systems_are_convertible() {
    for (Variable variable : VariableDictionary.variables()) {
      for (UnitSystem system : UnitSystem.values()) {
        String target = VariableDictionary.unit(variable, system);
        assertThat(Units.convertible(variable.unit(), target))
            .as("%s %s", variable, system)
            .isTrue();
      }
    }
    Variable gust = VariableDictionary.variable("wind_speed_of_gust").orElseThrow();
    assertThat(VariableDictionary.unit(gust, UnitSystem.ENGLISH)).isEqualTo("[kn_i]");
  }
}
