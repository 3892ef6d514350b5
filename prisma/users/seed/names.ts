import type { Country } from './places.ts';

interface Names {
  given: readonly string[];
  family: readonly string[];
}

/** Usual names by language; a list of words each, to keep them readable. */
export const NAMES: Readonly<Record<Country['language'], Names>> = {
  en: names(
    'Olivia Emma Charlotte Amelia Sophia Grace Hannah Chloe Zoe Maya Ruby Isla Naomi Priya Leah Nora Alice Audrey Jasmine Rachel Liam Noah Oliver James William Henry Lucas Ethan Jack Leo Owen Samuel Daniel Caleb Arjun Marcus Theo Isaac Adam Patrick',
    "Smith Johnson Williams Brown Taylor Davies Evans Wilson Thomas Roberts Walker Wright Robinson Thompson Hughes Edwards Green Hall Wood Harris Lewis Clarke Patel Khan Nguyen Kim Murphy O'Brien Kelly Ryan Campbell Stewart Morrison Fraser Bennett Foster Hayes Brooks Sullivan Parker",
  ),
  de: names(
    'Anna Lena Sophie Marie Katharina Johanna Clara Greta Ida Frieda Lukas Felix Jonas Maximilian Paul Moritz Jakob Anton Emil Jürgen',
    'Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Koch Richter Klein Wolf Schröder Neumann Zimmermann Braun Krüger Vogt',
  ),
  fr: names(
    'Camille Léa Manon Chloé Juliette Élise Margaux Inès Lucie Hélène Hugo Louis Gabriel Arthur Jules Antoine Mathieu Théo Nicolas Étienne',
    'Martin Bernard Dubois Thomas Robert Richard Petit Durand Leroy Moreau Simon Laurent Lefebvre Michel Garnier Fontaine Chevalier Rousseau Blanc Guérin',
  ),
  nl: names(
    'Emma Sanne Lotte Fleur Anouk Femke Eva Iris Marieke Noor Daan Sem Bram Thijs Jasper Ruben Lars Sander Niels Koen',
    'Jansen Bakker Visser Smit Meijer Mulder Bos Vos Peters Hendriks Dekker Brouwer Dijkstra Smits Kuipers Postma Willems Maas Verhoeven Schouten',
  ),
  es: names(
    'Lucía Sofía María Paula Carmen Elena Marta Laura Inés Alba Hugo Martín Pablo Alejandro Diego Javier Álvaro Sergio Adrián Manuel',
    'García Fernández González Rodríguez López Martínez Sánchez Pérez Gómez Ruiz Hernández Díaz Moreno Álvarez Romero Navarro Torres Vázquez Ramos Gil',
  ),
  it: names(
    'Giulia Sofia Aurora Alice Chiara Martina Francesca Elena Sara Valentina Leonardo Francesco Lorenzo Alessandro Matteo Andrea Davide Marco Luca Nicolò',
    'Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Gallo Conti Costa Mancini Rizzo Lombardi Moretti Barbieri Fontana',
  ),
  sv: names(
    'Alice Maja Elsa Astrid Linnéa Ebba Saga Freja Karin Ingrid William Oscar Elias Axel Viktor Erik Nils Gustav Anders Björn',
    'Andersson Johansson Karlsson Nilsson Eriksson Larsson Olsson Persson Svensson Gustafsson Lindberg Lindqvist Bergström Sandberg Nyström Holm Ekström Wallin Sjöberg Åkesson',
  ),
};

function names(given: string, family: string): Names {
  return { given: given.split(' '), family: family.split(' ') };
}
